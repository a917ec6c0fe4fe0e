
"use strict";

const $ = id => document.getElementById(id);
let chosen = decodeURIComponent(location.hash.slice(1)); // the name of the context that is shown
let paused = false;
let latest = null;   // the last state

// el makes an element. Text never becomes markup.
function el(tag, attrs, ...children) {
	const e = document.createElement(tag);
	for (const [k, v] of Object.entries(attrs || {})) {
		if (k === "text") e.textContent = v;
		else e.setAttribute(k, v);
	}
	e.append(...children);
	return e;
}

// span gives a number of nanoseconds three digits and a unit.
function span(ns) {
	if (ns < 0) return "−" + span(-ns);
	if (ns < 1e3) return ns + " ns";
	for (const [unit, size] of [["µs", 1e3], ["ms", 1e6], ["s", 1e9]]) {
		const v = ns / size;
		if (v < (unit === "s" ? 60 : 999.5)) return v.toFixed(v < 9.995 ? 2 : v < 99.95 ? 1 : 0) + " " + unit;
	}
	const s = Math.floor(ns / 1e9), two = n => String(n).padStart(2, "0");
	if (s < 3600) return Math.floor(s / 60) + " min " + two(s % 60) + " s";
	if (s < 86400) return Math.floor(s / 3600) + " h " + two(Math.floor(s / 60) % 60) + " min";
	return Math.floor(s / 86400) + " d " + two(Math.floor(s / 3600) % 24) + " h";
}

const count = n => n.toLocaleString("en-US");

function bytes(n) {
	for (const unit of ["B", "KiB", "MiB", "GiB"]) {
		if (n < 1024 || unit === "GiB") return (unit === "B" ? n : n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0)) + " " + unit;
		n /= 1024;
	}
}

// short is the end of a path: folder, file and line.
const short = place => place.split("/").slice(-2).join("/");

const places = p => el("td", {class: "place", text: p ? short(p) : "–", title: p || "not recorded"});
const number = (text, attrs) => el("td", {class: "n", text, ...attrs});

// fill puts rows into a table's body, or says that there are none.
function fill(id, rows, nothing) {
	if (rows.length === 0) rows = [el("tr", {}, el("td", {class: "empty", colspan: 9, text: nothing}))];
	$(id).replaceChildren(...rows);
}

const second = c => c.loop.seconds[c.loop.seconds.length - 2]; // the last that is over

function statusText(c) {
	if (c.status === "silent") return "silent for " + span(c.silent);
	return c.status === "closed" ? "closed" : "answers";
}

// card sums a context up; it is made once and kept, so that it keeps the focus.
function card(i, c) {
	let e = $("cards").children[i];
	if (!e) {
		e = el("button", {type: "button", role: "tab"}, el("b"), el("span", {class: "state"}),
			document.createElementNS("http://www.w3.org/2000/svg", "svg"), el("span", {class: "sum"}));
		e.addEventListener("click", () => { location.hash = encodeURIComponent(e.dataset.name); });
		$("cards").append(e);
	}
	e.dataset.name = c.name;
	e.className = "card " + c.status;
	e.setAttribute("aria-selected", c.name === chosen);
	const [name, state, svg, sum] = e.children;
	name.textContent = c.name;
	state.textContent = statusText(c);
	sparkline(svg, c.loop.seconds.slice(0, -1).map(s => s.turns));
	const queued = c.queues.reduce((n, q) => n + q.bytes, 0);
	sum.textContent = count(second(c).turns) + " turns/s · " + count(c.load.requests) + " pending · " + bytes(queued) + " queued";
}

function sparkline(svg, values) {
	const top = Math.max(1, ...values), n = values.length;
	svg.setAttribute("viewBox", `0 0 ${n} 36`);
	svg.setAttribute("preserveAspectRatio", "none");
	let d = "";
	values.forEach((v, i) => { if (v > 0) { const h = Math.max(1.5, 35 * v / top); d += `M${i} 36v${-h}h.8v${h}z`; } });
	const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
	path.setAttribute("d", d);
	svg.replaceChildren(path);
}

const doing = {outside: "Nobody has run it", working: "It has been in one turn", waiting: "It has been asleep, though woken,"};

function alarm(c) {
	$("alarm").hidden = c.status !== "silent";
	if (c.status !== "silent") return;
	$("alarm-title").textContent = "“" + c.name + "” has not answered for " + span(c.silent);
	const what = c.loop.phase === "callback" ? "It has been in the callback of “" + c.loop.callback + "”" : doing[c.loop.phase];
	$("alarm-text").textContent = what + " for " + span(c.loop.since) + ". Requests, queues and timers below are those of "
		+ span(c.stale) + " ago, which have aged since." + (c.stack ? " It stands here now, the innermost call first:" : "");
	$("stack").replaceChildren(...(c.stack || []).map(f => el("tr", {}, el("td", {class: "name", text: f.function}), places(f.place))));
}

function load(c) {
	const s = second(c), l = c.load;
	const tile = (name, value, note) => el("div", {}, el("dt", {text: name}), el("dd", {}, value, el("small", {text: note ? " " + note : ""})));
	const due = l.due === undefined ? "" : l.due < 0 ? "late by " + span(-l.due) : "next in " + span(l.due);
	$("load").replaceChildren(
		tile("Turns", count(s.turns), "per second"),
		tile("Busy", Math.min(100, s.busy / 1e7).toFixed(0) + " %", "of a second"),
		tile("Requests pending", count(l.requests)),
		tile("Requests completed", count(l.completed)),
		tile("Ready, posted", count(l.ready) + ", " + count(l.posted)),
		tile("Timers", count(l.timers), due),
		tile("FD events", count(l.watched), "watched"));
}

const ticks = {0: "1 µs", 3: "10 µs", 6: "100 µs", 9: "1 ms", 12: "10 ms", 15: "100 ms", 18: "1 s", 21: "10 s"};

// histogram draws the buckets; a logarithmic height keeps the rare ones in sight.
function histogram(id, h, bounds, slow) {
	const figure = (name, v) => el("span", {}, name + " ", el("b", {text: v ? span(v) : "–"}));
	$(id + "-figures").replaceChildren(figure("median", h.p50), figure("99 %", h.p99), figure("longest", h.max),
		figure("longest ever", h.ever));
	const top = Math.log1p(Math.max(1, ...h.counts));
	$(id).replaceChildren(...h.counts.map((n, i) => {
		const from = i === 0 ? 0 : bounds[i - 1], to = i < bounds.length ? span(bounds[i]) : "more";
		const cell = el("div", {title: count(n) + " of " + span(from) + " to " + to, class: from >= 10 * slow ? "worse" : from >= slow ? "slow" : ""});
		if (n > 0) {
			const bar = el("i");
			bar.style.height = Math.max(3, 100 * Math.log1p(n) / top) + "%";
			cell.append(bar);
		}
		if (ticks[i - 1]) cell.append(el("span", {text: ticks[i - 1]}));
		return cell;
	}));
}

// tree makes nodes of the list, whose depths say who belongs to whom.
function tree(list) {
	const roots = [], path = [];
	for (const r of list) {
		const node = {r, kids: []};
		path.length = Math.min(r.depth, path.length);
		(path.length ? path[path.length - 1].kids : roots).push(node);
		path.push(node);
	}
	return roots;
}

// merge makes one node of siblings that are alike, down to their last child.
function merge(nodes) {
	const groups = new Map();
	for (const n of nodes) {
		const kids = merge(n.kids);
		const key = JSON.stringify([n.r.name, n.r.state, n.r.created, kids.map(k => [k.key, k.ages.length])]);
		const g = groups.get(key);
		if (!g) groups.set(key, {key, r: n.r, kids, ages: [n.r.age]});
		else { g.ages.push(n.r.age); absorb(g.kids, kids); }
	}
	return [...groups.values()];
}

function absorb(into, from) {
	into.forEach((g, i) => { g.ages.push(...from[i].ages); absorb(g.kids, from[i].kids); });
}

function requestRow(r, depth, ages) {
	const name = el("td", {class: "name"}, r.name);
	name.style.paddingLeft = depth * 18 + "px";
	if (ages.length > 1) name.append(el("span", {class: "times", text: "× " + count(ages.length)}));
	const oldest = Math.max(...ages), youngest = Math.min(...ages);
	const age = number("");
	if (span(youngest) !== span(oldest)) age.append(el("span", {class: "range", text: span(youngest) + " … "}));
	age.append(span(oldest));
	return el("tr", {}, name, el("td", {text: r.state, class: r.state === "failed" ? "state failed" : "state"}), age, places(r.created));
}

function requests(c) {
	const filter = $("filter").value.toLowerCase();
	const rows = [];
	const walk = (nodes, depth) => nodes.forEach(n => { rows.push(requestRow(n.r, depth, n.ages || [n.r.age])); walk(n.kids, depth + 1); });
	if (filter) {
		const found = c.requests.filter(r => (r.name + " " + r.state + " " + (r.created || "")).toLowerCase().includes(filter));
		walk($("alike").checked ? merge(found.map(r => ({r, kids: []}))) : found.map(r => ({r, kids: []})), 0);
	} else {
		walk($("alike").checked ? merge(tree(c.requests)) : tree(c.requests), 0);
	}
	$("requests-note").textContent = (c.more ? "the first " : "") + count(c.requests.length) + " that have not ended"
		+ (c.tracking ? "" : "; places are not recorded");
	fill("requests", rows, filter ? "no request with this text" : "no request is pending");
}

function tables(c, st) {
	$("queues-note").textContent = c.unlisted ? "the " + c.queues.length + " with the oldest heads of " + count(c.queues.length + c.unlisted) : "";
	fill("queues", c.queues.map(q => el("tr", {}, el("td", {class: "name", text: q.name}), number(count(q.length)), number(bytes(q.bytes)),
		number(q.length ? span(q.age) : "empty", {class: q.length && q.age > 1e9 ? "n old" : "n"}))), "no queues");
	$("slow-note").textContent = span(st.slow) + " or more, by name";
	fill("slow", c.loop.slow.map(s => el("tr", {}, s.kind === "turn"
		? el("td", {text: "in a turn that was not traced"})
		: el("td", {class: "name", text: s.name + (s.id ? " #" + s.id : "")}),
		number(count(s.times)), number(span(s.longest), {class: s.longest >= 10 * st.slow ? "n failed" : "n"}),
		number(span(s.ago) + " ago"))), "none so far");
	fill("held", c.held.map(h => el("tr", {}, el("td", {text: h.kind}), el("td", {class: "name", text: (h.name || "not tracked") + (h.detail ? ": " + h.detail : "")}),
		number(count(h.count)), places(h.created))), "nothing is held");
}

// age brings what a silent loop said up to now: what was pending then still is.
function age(c) {
	if (c.status !== "silent") return;
	for (const r of c.requests) r.age += c.stale;
	for (const q of c.queues) if (q.length) q.age += c.stale;
	if (c.load.due !== undefined) c.load.due -= c.stale;
}

function show() {
	const all = latest.contexts;
	if (!all.some(c => c.name === chosen)) chosen = all.length ? (all.find(c => c.status === "silent") || all[0]).name : "";
	$("none").hidden = all.length > 0;
	while ($("cards").children.length > all.length) $("cards").lastChild.remove();
	all.forEach((c, i) => card(i, c));
	const c = all.find(c => c.name === chosen);
	$("detail").hidden = !c;
	if (!c) return;
	document.title = all.some(c => c.status === "silent") ? "silent – event contexts" : "event contexts";
	alarm(c);
	load(c);
	$("latency-note").textContent = "how long an event may have waited; " + count(c.loop.latency.total) + " turns of the last minute";
	$("callbacks-note").textContent = count(c.loop.callbacks.total) + " callbacks of the last minute"
		+ (latest.sample > 1 ? ", of one turn in " + latest.sample : "");
	histogram("latency", c.loop.latency, c.loop.bounds, latest.slow);
	histogram("callbacks", c.loop.callbacks, c.loop.bounds, latest.slow);
	requests(c);
	tables(c, latest);
}

// poll asks again a second after the answer; a server that has gone is asked on.
async function poll() {
	if (!paused) {
		try {
			const answer = await fetch("?format=json", {cache: "no-store"});
			if (!answer.ok) throw new Error(answer.status + " " + answer.statusText);
			latest = await answer.json();
			latest.contexts.forEach(age);
			show();
			$("status").className = "";
			$("status").textContent = "as of " + new Date().toLocaleTimeString();
		} catch (err) {
			$("status").className = "lost";
			$("status").textContent = "the process does not answer (" + err.message + ")" + (latest ? "; below is what it said last" : "");
		}
	}
	setTimeout(poll, 1000);
}

$("pause").addEventListener("click", () => { paused = !paused; $("pause").textContent = paused ? "Go on" : "Pause"; });
addEventListener("hashchange", () => { chosen = decodeURIComponent(location.hash.slice(1)); if (latest) show(); });
$("filter").addEventListener("input", () => latest && show());
$("alike").addEventListener("change", () => latest && show());
poll();
