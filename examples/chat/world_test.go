package main

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tsocket"
)

// evening is a room in a world.
type evening struct {
	w      *sim.World
	addr   tsocket.Address
	host   *sim.Host // of the guests
	server *sim.Proc
	deaf   []*sim.Proc // who has to be ended in the end
	s      *server
	err    error
}

func newEvening(w *sim.World, r rules) *evening {
	e := &evening{w: w}
	e.addr, _ = tsocket.ParseAddress("10.0.0.1:7070")
	w.Watch(oracle.All()...)
	w.Watch(
		&oracle.Bound{Name: "bytes that wait for one client", Most: waiting.Bytes, Of: e.most(bytesFor)},
		&oracle.Bound{Name: "lines that wait for one client", Most: waiting.Entries, Of: e.most(linesFor)},
		&oracle.Bound{Name: "clients", Most: r.most + turnedAway, Of: e.clients},
	)
	e.server = w.Host("10.0.0.1").Go("server", func(ev *tevent.Context) {
		var l *tsocket.Listener
		if l, e.err = tsocket.Listen(ev, e.addr); e.err == nil {
			e.s = newServer(ev, l, r)
			_, e.err = tevent.Wait(ev, e.s.Req())
		}
	})
	e.host = w.Host("10.0.0.2")
	return e
}

func bytesFor(m *member) int { _, n := m.s.Queued(); return n }
func linesFor(m *member) int { n, _ := m.s.Queued(); return n }

func (e *evening) most(of func(*member) int) func(*sim.Proc) int {
	return func(p *sim.Proc) (n int) {
		if p == e.server && e.s != nil {
			for _, m := range e.s.room.members {
				n = max(n, of(m))
			}
		}
		return n
	}
}

func (e *evening) clients(p *sim.Proc) int {
	if p != e.server || e.s == nil {
		return 0
	}
	return len(e.s.room.members)
}

// invite has a guest come in a process of his own.
func (e *evening) invite(g *guest) {
	p := e.host.Go("guest", func(ev *tevent.Context) { _, _ = tevent.Wait(ev, g.visit(ev, e.addr)) })
	if g.deaf < 0 || g.lone {
		e.deaf = append(e.deaf, p)
	}
}

// here tells whether so many have said their names.
func (e *evening) here(n int) func() bool {
	return func() bool {
		if e.s == nil {
			return false
		}
		present := 0
		for _, m := range e.s.room.members {
			if m.present() {
				present++
			}
		}
		return present == n
	}
}

// close drains the server and wants it gone in time. Who never listens does not
// notice.
func (e *evening) close() error {
	if !e.server.Exited() {
		e.server.Signal(syscall.SIGTERM)
	}
	began := e.w.Elapsed()
	if err := e.w.RunUntil(e.server.Exited); err != nil {
		return err
	}
	if d := e.w.Elapsed() - began; d > grace+time.Second {
		return fmt.Errorf("the server drained for %v", d)
	}
	for _, p := range e.deaf {
		p.Kill()
	}
	return e.w.Run()
}

// TestEveryLineIsHeardOrCountedAsLost has one guest who listens all the time, and
// one who begins late, or listens slowly, while others talk more than there is
// room for.
func TestEveryLineIsHeardOrCountedAsLost(t *testing.T) {
	seed := sim.Seed(t)
	for i := range uint64(4) {
		w := sim.New(seed + i)
		w.Inject(sim.Plan{{Kind: sim.Buffers, N: 4096}})
		lost, err := slowListener(w, seed+i)
		if err != nil || lost < 100 {
			t.Errorf("world %d: %d lines lost, %v", i, lost, err)
		}
		w.Close()
	}
}

func slowListener(w *sim.World, seed uint64) (lost int, err error) {
	e := newEvening(w, rules{100, time.Minute})
	keen, slow := &guest{name: "keen"}, &guest{name: "slow", deaf: 2 * time.Second}
	if seed%2 == 0 {
		slow.deaf, slow.rest = 0, 4*time.Millisecond
	}
	if err := w.RunUntil(e.here(0)); err != nil {
		return 0, err
	}
	for i, g := range []*guest{keen, slow} {
		e.invite(g)
		if err := w.RunUntil(e.here(1 + i)); err != nil {
			return 0, err
		}
	}
	talkers := make([]*guest, 4)
	for i := range talkers {
		talkers[i] = &guest{name: fmt.Sprint("talker", i), lines: 200, size: 400, pause: 5 * time.Millisecond}
		e.invite(talkers[i])
	}
	quiet := func() bool {
		return !slices.ContainsFunc(talkers, func(g *guest) bool { return g.said < g.lines })
	}
	if err := w.RunUntil(quiet); err != nil {
		return 0, err
	}
	if err := w.RunFor(10 * time.Second); err != nil { // the slow one catches up
		return 0, err
	}
	if err := e.close(); err != nil || e.err != nil {
		return 0, fmt.Errorf("%v, %v", err, e.err)
	}
	for _, line := range keen.heard {
		if strings.Contains(line, "too slow") {
			return 0, fmt.Errorf("who listens all the time lost something: %s", line)
		}
	}
	lost, err = account(keen.heard[3:], slow.heard[2:]) // from behind the slow one's welcome
	if err == nil && lost != e.s.room.counts.lost {
		err = fmt.Errorf("%d lines lost, and %v", lost, e.s.room.counts)
	}
	return lost, err
}

// TestWhoNeverListensIsDisconnected and everybody else hears everything.
func TestWhoNeverListensIsDisconnected(t *testing.T) {
	w := sim.Test(t)
	w.Inject(sim.Plan{{Kind: sim.Buffers, N: 4096}})
	e := newEvening(w, rules{100, 30 * time.Second})
	keen := &guest{name: "keen"}
	if err := w.RunUntil(e.here(0)); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		e.invite(&guest{name: fmt.Sprint("deaf", i), deaf: -1})
	}
	e.invite(keen)
	if err := w.RunUntil(e.here(21)); err != nil {
		t.Fatal(err)
	}
	talker := &guest{name: "talker", lines: 2000, size: 400, pause: time.Millisecond}
	e.invite(talker)
	if err := w.RunUntil(func() bool { return talker.said == talker.lines }); err != nil {
		t.Fatal(err)
	}
	if err := w.RunFor(31 * time.Second); err != nil {
		t.Fatal(err)
	}
	if !e.here(2)() {
		t.Errorf("still there: %s", e.s.room.who())
	}
	if err := e.close(); err != nil || e.err != nil {
		t.Fatal(err, e.err)
	}
	said := slices.DeleteFunc(keen.heard, func(line string) bool { return !strings.HasPrefix(line, "talker: ") })
	if len(said) != talker.lines {
		t.Errorf("%d of %d lines were heard", len(said), talker.lines)
	}
}

// TestWhoeverComesIsTakenOrToldThatThereIsNoRoom has more come at once than are
// accepted together.
func TestWhoeverComesIsTakenOrToldThatThereIsNoRoom(t *testing.T) {
	w := sim.Test(t)
	e := newEvening(w, rules{2, time.Minute})
	if err := w.RunUntil(e.here(0)); err != nil {
		t.Fatal(err)
	}
	for i := range 2 + 2*turnedAway {
		if i%50 == 0 { // a host has no more ports than that
			e.host = w.Host(fmt.Sprint("10.0.1.", i+1))
		}
		e.invite(&guest{name: fmt.Sprint("guest", i), deaf: -1})
	}
	if err := w.RunFor(3 * grace); err != nil {
		t.Fatal(err)
	}
	if c := e.s.room.counts; c.clients != 2 || c.refused != 2*turnedAway || !e.here(2)() {
		t.Errorf("%v; %s", c, e.s.room.who())
	}
	if err := e.close(); err != nil || e.err != nil {
		t.Error(err, e.err)
	}
}

func TestWhoSaysNoNameIsToldToGo(t *testing.T) {
	w := sim.Test(t)
	e := newEvening(w, rules{2, time.Minute})
	if err := w.RunUntil(e.here(0)); err != nil {
		t.Fatal(err)
	}
	g := &guest{}
	e.invite(g)
	if err := w.RunFor(shyness + time.Second); err != nil {
		t.Fatal(err)
	}
	if len(e.s.room.members) > 0 || !slices.Equal(g.heard, []string{"* say your name", "* you have no name"}) {
		t.Errorf("%d members, heard %q", len(e.s.room.members), g.heard)
	}
	if err := e.close(); err != nil || e.err != nil {
		t.Error(err, e.err)
	}
}

// TestTheLastLineWaitsForRoom has a client leave whose queue is full.
func TestTheLastLineWaitsForRoom(t *testing.T) {
	w := sim.Test(t)
	w.Inject(sim.Plan{{Kind: sim.Buffers, N: 4096}})
	e := newEvening(w, rules{2, time.Minute})
	if err := w.RunUntil(e.here(0)); err != nil {
		t.Fatal(err)
	}
	g := &guest{name: "slow", deaf: time.Second}
	e.invite(g)
	if err := w.RunUntil(e.here(1)); err != nil {
		t.Fatal(err)
	}
	m, lines := e.s.room.members[0], 0
	e.server.Context().Post(func() {
		for ; m.s.Room(1); lines++ {
			m.say("")
		}
		m.leave("* goodbye")
	})
	if err := w.RunFor(time.Minute); err != nil {
		t.Fatal(err)
	}
	want := []string{"* you were too slow: 1 lines lost", "* goodbye"}
	if n := len(g.heard); n != lines+4 || !slices.Equal(g.heard[n-2:], want) {
		t.Errorf("%d lines, %d said, the last are %q", n, lines, g.heard[max(0, n-3):])
	}
	if err := e.close(); err != nil || e.err != nil {
		t.Error(err, e.err)
	}
}

// draw is a plan without interruptions for ever, which make a hundred calls of
// each.
func draw(seed uint64, procs ...string) sim.Plan {
	return slices.DeleteFunc(sim.Draw(seed, procs...), func(f sim.Fault) bool { return f.Kind == sim.Interrupted && f.On })
}

// TestWhateverGoesWrongTheServerStaysBoundedAndDrains has worlds of all kinds of
// faults, with guests who talk, listen, or do not.
func TestWhateverGoesWrongTheServerStaysBoundedAndDrains(t *testing.T) {
	const worlds = 30
	seed := sim.Seed(t)
	heard := 0
	for i := range uint64(worlds) {
		w := sim.New(seed + i)
		w.Inject(draw(seed+i, "server", "guest"))
		e := newEvening(w, rules{4, 5 * time.Second})
		if err := w.RunFor(time.Second); err != nil {
			t.Errorf("world %d: %v", i, err)
		}
		guests := make([]*guest, 6)
		for k := range guests {
			guests[k] = &guest{name: fmt.Sprint("guest", k), lines: 10 * k, size: 80, pause: 20 * time.Millisecond,
				deaf: time.Duration(k%3-1) * time.Second, lone: true}
			e.invite(guests[k])
		}
		err := w.RunFor(20 * time.Second)
		if err == nil {
			w.Calm()
			err = e.close()
		}
		if err != nil {
			t.Errorf("world %d: %v", i, err)
		}
		for _, g := range guests {
			heard += len(g.heard)
		}
		w.Close()
	}
	t.Logf("%d lines were heard", heard)
	if heard < 30*worlds {
		t.Errorf("%d lines heard in %d worlds: that proves nothing", heard, worlds)
	}
}
