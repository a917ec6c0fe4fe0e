package tevent

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// answer is how an operation of the model reacts to being asked.
type answer int

const (
	cannot  answer = iota // no cancel function
	refuses               // it says false
	atOnce                // it finishes in place
	later                 // it promises
	answers
)

// knot is an operation of the model: whatever the test does at random, its
// counters must add up in the end.
type knot struct {
	Op[int]
	m      *model
	id     int
	answer answer
	parent *knot
	kids   []*knot

	dropped  bool // its receiver is gone by Drop or the parent's finish
	asked    int
	done     int // values that its implementer gave
	received int // outcomes delivered
	values   int // values among them
	released int
	fixed    int // cleanup at finish
	ended    int // cleanup at end
}

type model struct {
	t       *testing.T
	rnd     *rand.Rand
	ev      *Context
	live    []*knot // of all lives that the test still acts on
	stale   []Req[int]
	all     int
	closing bool
}

var errModel = errors.New("model")

// TestRandomTreesOfRequests does everything at random to trees of requests and
// checks that each one has exactly one outcome, which reaches its receiver or
// is released, and that all are free in the end.
func TestRandomTreesOfRequests(t *testing.T) {
	rnd := rand.New(rand.NewPCG(Seed(t), 0))
	for round := range 400 {
		ev, err := New()
		if err != nil {
			t.Fatal(err)
		}
		ev.SetWaitTimeout(0)
		ev.SetTracking(round%2 == 0)
		m := &model{t: t, rnd: rnd, ev: ev}
		for range 150 {
			m.step()
		}
		m.end(round%3 == 0)
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
}

func (m *model) step() {
	switch n := m.rnd.IntN(10); {
	case n < 3 || len(m.live) == 0:
		m.start()
	case n < 5:
		if err := m.ev.LoopOnce(); err != nil {
			m.t.Fatal(err)
		}
		m.sweep()
	case n < 6 && len(m.stale) > 0:
		m.stale[m.rnd.IntN(len(m.stale))].useStale(m.t)
	default:
		m.act(m.live[m.rnd.IntN(len(m.live))])
	}
}

// start begins a life, under a parent or as a root with a callback.
func (m *model) start() {
	m.all++
	n := &knot{m: m, id: m.all, answer: answer(m.rnd.IntN(int(answers)))}
	n.Start(m.ev, fmt.Sprint("node ", n.id))
	n.SetRelease(func(int) { n.released++ })
	n.SetCleanup(n.cleanup)
	switch n.answer {
	case refuses, atOnce, later:
		n.SetCancel(n.cancel)
	}
	m.live = append(m.live, n)
	m.stale = append(m.stale, n.Req())
	if p := m.live[m.rnd.IntN(len(m.live))]; p != n && p.InProgress() && p.gen == m.stale[p.id-1].gen {
		n.parent = p
		p.kids = append(p.kids, n)
		switch m.rnd.IntN(4) {
		case 0:
			n.Req().Then(p, n.step)
		case 1:
			n.Req().Handle(p, n.decide)
		case 2:
			Then(n.Req(), p, func(_ *knot, v int) { n.step(v) })
		case 3:
			Handle(n.Req(), p, func(_ *knot, v int, err error) { n.decide(v, err) })
		}
		return
	}
	n.Req().SetCallback(func(r Req[int]) { n.deliver(r.Result()) })
}

// act is the implementer or the caller, who does one thing.
func (m *model) act(n *knot) {
	r := m.stale[n.id-1] // the handle of its only life
	switch m.rnd.IntN(8) {
	case 0:
		r.Cancel()
	case 1:
		r.SetTimeout(-1)
	case 2:
		if r.live() {
			n.drop1()
			r.Drop()
		}
	case 3:
		n.Defer()
	case 4, 5:
		n.finish(nil)
	case 6:
		n.finish(errModel)
	case 7:
		other := m.live[m.rnd.IntN(len(m.live))]
		other.finish(nil)
	}
}

func (n *knot) drop1() { n.dropped = true }

// finish is the implementer's, if he has not let go.
func (n *knot) finish(err error) {
	if n.state == StateFree || !n.has(held) {
		return
	}
	if err == nil {
		n.done++
	}
	n.Finish(n.id, err)
}

func (n *knot) cancel(cause error) bool {
	if n.asked++; n.state != StateInProgress || cause == nil {
		n.m.t.Errorf("node %d is asked in state %s with %v", n.id, n.state, cause)
	}
	if n.answer == atOnce {
		return n.Fail(cause)
	}
	return n.answer == later
}

// cleanup also notes who loses his receiver.
func (n *knot) cleanup(s State) {
	if s == StateEnded {
		n.ended++
		return
	}
	n.fixed++
}

func (n *knot) step(v int) { n.deliver(v, nil) }

func (n *knot) decide(v int, err error) {
	n.deliver(v, err)
	if p := n.parent; n.m.rnd.IntN(3) == 0 {
		p.finish(err)
	}
}

// deliver checks what must hold when a receiver is told.
func (n *knot) deliver(v int, err error) {
	n.received++
	if err == nil {
		n.values++
		if v != n.id {
			n.m.t.Errorf("node %d delivers %d", n.id, v)
		}
	}
	if p := n.parent; p != nil && (p.state != StateInProgress || p.has(closing)) {
		n.m.t.Errorf("a step of node %d runs after its finish", p.id)
	}
	if !n.m.closing {
		n.mustBeStill()
	}
}

// mustBeStill checks that nothing under n uses its memory any more.
func (n *knot) mustBeStill() {
	for _, k := range n.kids {
		if k.answer == later && k.state != StateFree {
			n.m.t.Errorf("node %d is told, below it works: %s", n.id, k.string())
		}
		k.mustBeStill()
	}
}

// sweep forgets those who are free.
func (m *model) sweep() {
	kept := m.live[:0]
	for _, n := range m.live {
		if n.state == StateFree {
			n.check()
		} else {
			kept = append(kept, n)
		}
	}
	m.live = kept
}

// check is the oracle for a life that is over.
func (n *knot) check() {
	t := n.m.t
	if n.fixed != 1 || n.ended != 1 {
		t.Errorf("node %d: %d cleanups at finish, %d at end", n.id, n.fixed, n.ended)
	}
	if n.values+n.released != n.done {
		t.Errorf("node %d: %d values received, %d released, %d given", n.id, n.values, n.released, n.done)
	}
	if n.received > 1 || n.dropped && n.received != 0 {
		t.Errorf("node %d: %d outcomes delivered, dropped %t", n.id, n.received, n.dropped)
	}
	if n.received == 0 && !n.dropped && n.parent == nil {
		t.Errorf("node %d: no outcome delivered", n.id)
	}
	if n.asked > 1 && n.answer != refuses {
		t.Errorf("node %d: asked %d times", n.id, n.asked)
	}
}

// end lets the implementers finish, before or after the context is closed.
func (m *model) end(closeFirst bool) {
	if closeFirst {
		m.closing = true
		m.ev.Close()
	}
	for range 100 {
		for _, n := range m.live {
			n.finish(nil)
		}
		if !closeFirst {
			if err := m.ev.LoopOnce(); err != nil {
				m.t.Fatal(err)
			}
		}
		m.sweep()
	}
	for _, n := range m.live {
		m.t.Errorf("not free: %s", n.string())
	}
	m.closing = true
	m.ev.Close()
	for it := range m.ev.Items() {
		m.t.Errorf("leaked: %s", it)
	}
	if p := m.ev.pending; p != 0 {
		m.t.Errorf("%d pending", p)
	}
	for _, r := range m.stale {
		r.useStale(m.t)
	}
}

// useStale checks a handle if its life is over.
func (r Req[T]) useStale(t *testing.T) {
	if r.live() {
		return
	}
	if _, err := r.Result(); !errors.Is(err, ErrStale) || r.Cancel() || r.InProgress() {
		t.Errorf("a stale handle says %v", err)
	}
	r.Drop()
	r.Ignore()
	r.SetTimeout(-1)
}
