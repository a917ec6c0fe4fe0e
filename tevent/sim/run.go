package sim

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// ErrDeadlock is in the error of RunUntil when nothing can happen any more.
var ErrDeadlock = errors.New("nothing can happen any more")

// ErrTooLong is in the error of RunUntil when Patience has passed.
var ErrTooLong = errors.New("it takes too long")

// Patience is how much virtual time one RunUntil lets pass, and MaxCalls how many
// calls one run lets its processes make: beyond them it is taken for a run that
// never ends.
const (
	Patience = 24 * time.Hour
	MaxCalls = 1_000_000
)

const never = math.MaxInt64

// RunFor runs the world for d of virtual time. The error is the verdict of an
// oracle or the panic of a process, and the same from every later run; or
// ErrTooLong after MaxCalls.
func (w *World) RunFor(d time.Duration) error {
	w.start(w.net.Now() + int64(d))
	for w.told == nil {
		if !w.step() && !w.pass() {
			break
		}
	}
	if w.told == nil && w.calls >= w.enough {
		return w.stuck()
	}
	if w.told == nil {
		w.net.Advance(w.until)
	}
	return w.told
}

// RunUntil runs the world until cond holds; it is asked whenever control
// passes from one process to another. Beside those of RunFor the error is
// ErrDeadlock when nothing can happen any more, or ErrTooLong after Patience or
// MaxCalls, with a picture of who waits for what.
func (w *World) RunUntil(cond func() bool) error {
	w.start(w.net.Now() + int64(Patience))
	for w.told == nil && !cond() {
		if w.step() || w.pass() {
			continue
		}
		if w.told == nil && !cond() {
			return w.stuck()
		}
	}
	return w.told
}

// Run runs the world until its last process has exited.
func (w *World) Run() error { return w.RunUntil(func() bool { return len(w.procs) == 0 }) }

func (w *World) start(until int64) {
	if w.running != nil {
		panic("sim: a process cannot run the world that it lives in")
	}
	if w.closed {
		panic("sim: the world is closed")
	}
	w.until, w.enough = until, w.calls+MaxCalls
}

// over tells whether the run has used up its time or its calls.
func (w *World) over() bool { return w.net.Now() >= w.until || w.calls >= w.enough }

// step lets one process run that can, and reports whether there was one.
func (w *World) step() bool {
	if w.over() {
		return false
	}
	var chosen *Proc
	n := uint64(0)
	for _, p := range w.procs {
		if !p.canRun() {
			continue
		}
		if n++; n == 1 || w.rand.Uint64N(n) == 0 {
			chosen = p
		}
	}
	if chosen == nil {
		return false
	}
	w.resume(chosen)
	return true
}

// pass lets the time pass until something happens, and reports whether it did
// before the run was over.
func (w *World) pass() bool {
	next := w.next()
	if next > w.until || w.over() {
		return false
	}
	w.net.Advance(next)
	return true
}

// next is when something will happen, on the agenda or to who sleeps.
func (w *World) next() int64 {
	next := int64(never)
	if at, ok := w.net.Next(); ok {
		next = at
	}
	for _, p := range w.procs {
		if p.parked && !p.held() {
			next = min(next, p.deadline)
		}
	}
	return next
}

// stuck says why RunUntil gives up.
func (w *World) stuck() error {
	why := ErrTooLong
	if w.calls < w.enough && w.next() == never {
		why = ErrDeadlock
	}
	return fmt.Errorf("after %v: %w%s", w.Elapsed(), why, w.Situation())
}

// Situation tells what each process does and what is under way in it, for
// people.
func (w *World) Situation() string {
	var b strings.Builder
	for _, p := range w.procs {
		fmt.Fprintf(&b, "\n%s: %s", p, p.situation())
		for item := range p.ev.Items() {
			fmt.Fprintf(&b, "\n\t%v", item)
		}
	}
	return b.String()
}
