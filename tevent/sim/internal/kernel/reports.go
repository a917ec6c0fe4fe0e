package kernel

import "github.com/tsocket-go/tsocket/internal/sys"

// Reports is the freedom that pollers take. The zero value takes none: events
// come in the order in which they became ready, and none is spurious.
type Reports struct {
	// Spurious is the probability that a Wait also reports reading or writing
	// of an edge-triggered descriptor that has nothing new.
	Spurious float64
	// Shuffle is the probability that the events of a Wait come in any order.
	Shuffle float64
	// Split is the probability that a Wait returns one event only; the others
	// come with the next.
	Split float64
}

// report collects events as the process's Reports say.
func (q *Poller) report(events []sys.Event) int {
	r, net := q.p.Reports, q.p.net
	if net.chance(r.Split) {
		events = events[:1]
	}
	n := q.ep.collect(events)
	if net.chance(r.Spurious) && n < len(events) {
		n = q.invent(events, n)
	}
	if net.chance(r.Shuffle) {
		net.rand.Shuffle(n, func(i, j int) { events[i], events[j] = events[j], events[i] })
	}
	return n
}

// invent adds an event that nothing has caused, of a registration that has
// none in this batch.
func (q *Poller) invent(events []sys.Event, n int) int {
	if len(q.ep.items) == 0 {
		return n
	}
	it := q.ep.items[q.p.net.rand.IntN(len(q.ep.items))]
	if !it.edge {
		return n
	}
	for _, e := range events[:n] {
		if e.Token == it.token {
			return n
		}
	}
	dir := it.events & (sys.In | sys.Out)
	if q.p.net.chance(0.5) {
		dir &^= sys.Out
	}
	events[n] = sys.Event{Token: it.token, Ready: dir}
	return n + 1
}
