package machine

import (
	"fmt"
	"slices"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// A world is two real machines and the two channels between them. Invariant: a
// world is never changed after it was explored; moves act on a copy.
type world struct {
	ends    [2]end // active, passive
	cut     bool   // the connection is lost: nothing sent arrives
	trouble int    // deadlines and losses so far
}

// end is one machine and what its shell would know.
type end struct {
	m     *Machine
	inbox []item // what the peer sent, oldest first
	timer Timer
	half  half   // as told by the actions
	said  uint32 // attempt of the last verdict sent

	stepped, late         bool // the half sent its STEP, told its late result
	open, up, shut        bool
	closed, told, aborted bool
}

// item is what a channel carries: a frame, or the end of the stream.
type item struct {
	frame wire.Frame
	end   Event // nil for a frame, else FIN or ReadError
}

// move is one thing that may happen next. A soft one may always happen and so
// does not count as progress.
type move struct {
	at   int   // the end it happens to
	ev   Event // nil for what is no event of the machine
	what doing // what else, if ev is nil
	soft bool
}

// doing is a move that is no event.
type doing uint8

const (
	reading doing = iota // the next item of the inbox
	stepping
	resetting // the connection is lost at once
	finishing // the connection is lost behind what is on its way
)

func (v move) String() string {
	s := [...]string{"active ", "passive "}[v.at]
	if v.ev != nil {
		return s + fmt.Sprintf("%T%+v", v.ev, v.ev)
	}
	return s + [...]string{"reads", "steps", "is reset", "is cut"}[v.what]
}

func (w *world) clone() *world {
	c := *w
	for i := range c.ends {
		e := &c.ends[i]
		e.m, e.inbox = e.m.clone(), slices.Clip(e.inbox)
	}
	return &c
}

// moves lists what may happen next.
func (w *world) moves(s scenario) []move {
	list := make([]move, 0, 16)
	for i := range w.ends {
		e := &w.ends[i]
		list = e.appendMoves(list, i, s.noSteps)
		if w.trouble < s.trouble && !e.closed && !e.up && !e.aborted {
			list = append(list, move{at: i, ev: Deadline{}, soft: true})
		}
	}
	if w.trouble < s.trouble && !w.cut && !(w.ends[0].done() && w.ends[1].done()) {
		list = append(list, move{what: resetting, soft: true}, move{what: finishing, soft: true})
	}
	return list
}

// appendMoves appends what may happen at one end without a disturbance.
func (e *end) appendMoves(list []move, i int, noSteps bool) []move {
	n := e.m.try.n
	if len(e.inbox) > 0 && !e.closed && !e.up {
		list = append(list, move{at: i, what: reading})
	}
	switch {
	case e.half == running:
		list = append(list, move{at: i, ev: HalfDone{Attempt: n}}, move{at: i, ev: HalfFailed{Attempt: n}})
		if !e.stepped && !noSteps {
			list = append(list, move{at: i, what: stepping})
		}
	case e.half == releasing:
		list = append(list, move{at: i, ev: HalfReleased{n}})
		if !e.late {
			list = append(list, move{at: i, ev: HalfDone{Attempt: n}})
		}
	}
	if e.timer != NoTimer {
		list = append(list, move{at: i, ev: Expired{e.timer}, soft: true})
	}
	return list
}

// make lets v happen.
func (w *world) make(v move) {
	switch {
	case v.ev != nil:
		w.event(v.at, v.ev)
	case v.what == reading:
		w.deliver(v.at)
	case v.what == stepping:
		w.step(v.at)
	default:
		w.lose(v.what == resetting)
	}
}

func (w *world) deliver(i int) {
	e := &w.ends[i]
	it := e.inbox[0]
	e.inbox = e.inbox[1:]
	if it.end != nil {
		w.event(i, it.end)
		return
	}
	w.carry(i, e.m.Frame(it.frame.Type, it.frame.Payload))
}

// event gives ev to one machine after noting what its shell knows by then.
func (w *world) event(i int, ev Event) {
	e := &w.ends[i]
	switch ev.(type) {
	case HalfReleased:
		e.half = noHalf
	case HalfFailed:
		e.half = releasing
	case HalfDone:
		e.late = e.half == releasing
		if e.half == running {
			e.half = done
		}
	case Expired:
		e.timer = NoTimer
	case Deadline:
		e.aborted = true
		w.trouble++
	}
	w.carry(i, e.m.Event(ev))
}

func (w *world) step(i int) {
	w.ends[i].stepped = true
	acts, err := w.ends[i].m.SendStep(w.ends[i].m.try.n, []byte{1})
	if err != nil {
		panic(err)
	}
	w.carry(i, acts)
}

// lose breaks the connection: at once, or behind what is already on its way.
func (w *world) lose(atOnce bool) {
	w.cut = true
	w.trouble++
	for i := range w.ends {
		if e := &w.ends[i]; atOnce {
			e.inbox = []item{{end: ReadError{errInit}}}
		} else {
			e.inbox = append(e.inbox, item{end: FIN{}})
		}
	}
}

func (e *end) done() bool { return e.told || e.up }
