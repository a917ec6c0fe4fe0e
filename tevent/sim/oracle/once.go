package oracle

import (
	"fmt"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Once judges completions: each request gets one outcome and its callback runs
// at most once, from the loop and never inside of another callback, so never
// in the call that started it; and what was attached is detached exactly once, at
// the latest when its process comes to its end. It needs the whole trace: it
// judges nothing of a context with Context.SetSampling, and a program that takes
// the trace with Context.SetTrace has to tell the former function.
type Once struct {
	procs map[*sim.Proc]*lives
}

// lives is what is known of one process.
type lives struct {
	of    []life // by ID
	depth int    // callbacks on the stack
	inner string // the last of them
	turn  uint64 // whose begin was told last
	blind bool   // turns are not told
}

// life is how far one request, timer or the like has come.
type life uint8

const (
	attached life = 1 << iota
	finished
	called
	detached
)

// Saw implements sim.Oracle.
func (o *Once) Saw(e *sim.Event) error {
	if e.Moment == sim.Called {
		return nil
	}
	if o.procs == nil {
		o.procs = map[*sim.Proc]*lives{}
	}
	l := o.procs[e.Proc]
	if l == nil {
		l = &lives{}
		o.procs[e.Proc] = l
	}
	switch {
	case l.blind:
		return nil
	case e.Moment == sim.Exits:
		return l.left()
	case e.Trace.Kind == tevent.KindTurn:
		l.look(e.Trace)
		return nil
	}
	return l.saw(e.Trace)
}

// look finds out whether turns are left out: each tells its wait.
func (l *lives) look(t *tevent.TraceEvent) {
	switch t.Point {
	case tevent.BeforeTurn:
		l.turn = t.ID
	case tevent.BeforeWait:
		l.blind = t.ID != l.turn
	}
}

func (l *lives) saw(t *tevent.TraceEvent) error {
	if t.ID == 0 {
		return nil // began before anybody looked
	}
	for uint64(len(l.of)) <= t.ID {
		l.of = append(l.of, 0)
	}
	x := &l.of[t.ID]
	switch t.Point {
	case tevent.Attach:
		return x.reach(attached, 0, t, "begun")
	case tevent.Finished:
		return x.reach(finished, attached, t, "finished")
	case tevent.Detach:
		return x.reach(detached, attached, t, "detached")
	case tevent.BeforeHandler:
		return l.enter(x, t)
	case tevent.AfterHandler:
		l.depth--
	}
	return nil
}

// reach moves on; before is what must have been, once is what must not.
func (x *life) reach(once, before life, t *tevent.TraceEvent, what string) error {
	if *x&once != 0 || *x&before != before {
		return fmt.Errorf("%v %s #%d is %s at the wrong time or again", t.Kind, t.Name, t.ID, what)
	}
	*x |= once
	return nil
}

func (l *lives) enter(x *life, t *tevent.TraceEvent) error {
	l.depth++
	outer := l.inner
	l.inner = t.Name
	if l.depth > 1 && t.Kind != tevent.KindEntry { // a trigger is no completion; its queue runs it from an immediate
		return fmt.Errorf("the callback of %v %s #%d runs inside of that of %s", t.Kind, t.Name, t.ID, outer)
	}
	if t.Kind == tevent.KindRequest {
		return x.reach(called, attached|finished, t, "delivered")
	}
	return nil
}

// left is what was attached and never detached when its process came to the end.
func (l *lives) left() error {
	for id, x := range l.of {
		if x&attached != 0 && x&detached == 0 {
			return fmt.Errorf("#%d was begun and is not detached at the end", id)
		}
	}
	return nil
}
