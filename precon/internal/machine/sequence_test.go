package machine

import (
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// representative are frames of a peer that follows no rule.
func representative() []input {
	want := map[string]bool{
		"VERSION": true, "CON_INFO": true, "REQ n+1, first rung": true, "REQ n+1, other rung": true, "STEP n": true,
		"OK n": true, "NEXT n": true, "NEXT n, Order": true, "EOF": true, "FAIL": true, "ignorable type": true,
	}
	var list []input
	for _, in := range inputs() {
		if want[in.name] {
			list = append(list, in)
		}
	}
	return list
}

// habit is how a side's own half behaves.
type habit struct {
	name string
	live func(*end)
}

var habits = []habit{
	{"hangs", func(*end) {}},
	{"is done at once", func(e *end) {
		if e.half == running {
			e.half = done
			e.shell(e.m.Event(HalfDone{Attempt: e.m.try.n}))
		}
	}},
	{"fails at once", func(e *end) {
		if e.half == running {
			e.half = releasing
			e.shell(e.m.Event(HalfFailed{Attempt: e.m.try.n}))
		}
	}},
}

// shell notes what the actions mean for the half.
func (e *end) shell(acts []Action) {
	for _, a := range acts {
		switch a.(type) {
		case BeginHalf:
			e.half = running
		case CancelHalf:
			e.half = releasing
		case Open:
			e.half, e.open = opened, true
		case Handover:
			e.up = true
		case Report, Loop:
			e.told = true
		}
	}
}

// release lets a cancelled or failed half end.
func (e *end) release() {
	if e.half == releasing {
		e.half = noHalf
		e.shell(e.m.Event(HalfReleased{e.m.try.n}))
	}
}

// TestNoSequenceOfFramesLeavesTheTable sends every sequence of six frames to
// both roles, from the first byte and behind a proper hello.
func TestNoSequenceOfFramesLeavesTheTable(t *testing.T) {
	frames, count := representative(), 0
	for _, s := range stages {
		if s.state != Greet && s.name != "Try 1" && s.name != "Idle 0" {
			continue
		}
		for _, h := range habits {
			e := *s.end(t)
			h.live(&e)
			count += follow(t, &e, h, frames, 6)
		}
	}
	t.Logf("%d sequences", count)
}

// follow extends the sequence that led to e and returns how many there are.
func follow(t *testing.T, e *end, h habit, frames []input, left int) int {
	settled(t, e)
	if left == 0 || e.m.over() || e.up {
		return 1
	}
	count := 0
	for _, in := range frames {
		next := *e
		next.m = e.m.clone()
		next.shell(in.give(next.m))
		h.live(&next)
		if left%2 == 0 { // released soon or late
			next.release()
		}
		count += follow(t, &next, h, frames, left-1)
	}
	return count
}

// settled checks the bounds of what a machine holds, and that time alone ends
// it with a report.
func settled(t *testing.T, e *end) {
	m := e.m
	if m.sent.n > wire.MaxFrames || len(m.trials) > len(m.ladder)+1 || m.heldBytes > maxHeld || m.ignored > wire.MaxIgnorables+1 {
		t.Fatalf("%v holds too much: %d frames, %d trials, %d bytes", m.state, m.sent.n, len(m.trials), m.heldBytes)
	}
	last := *e
	last.m = m.clone()
	last.shell(last.m.Event(Deadline{}))
	last.shell(last.m.Event(Expired{LingerTimer}))
	last.release()
	if last.up == last.told {
		t.Fatalf("%v after the deadline: up %v, told %v", last.m.state, last.up, last.told)
	}
	if last.told && last.m.fault == nil {
		t.Fatalf("%v ends without a fault", m.state)
	}
}
