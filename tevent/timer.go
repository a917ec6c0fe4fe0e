package tevent

import (
	"math"
	"time"
)

// Timer calls a function once at an instant: never early, and timers of equal
// time in the order in which they were set. It may be stopped and reset from
// any handler, its own included. It is owned by the loop. Source: struct
// tevent_timer.
type Timer struct {
	ev   *Context
	f    func()
	pos  int    // in the heap; 0 is not armed
	seq  uint64 // of the arming
	held Holding
	tag  uint64
}

// NewTimer returns a timer of ev that calls f; it is not armed.
func NewTimer(ev *Context, f func()) *Timer {
	t := &Timer{}
	t.Init(ev, f)
	return t
}

// Init is NewTimer for one that is part of another object.
func (t *Timer) Init(ev *Context, f func()) { t.init(ev, f) }

func (t *Timer) init(ev *Context, f func()) { t.ev, t.f = ev, f }

// Reset arms the timer to fire in d from now; a d of 0 or less means in a later
// turn. A reset counts as a new creation.
func (t *Timer) Reset(d time.Duration) {
	t.ev.enter()
	t.arm(int64(after(t.ev.kernel.Now(), d)))
	t.held = t.ev.Attach(KindTimer, "timer", t.tag)
}

// ResetAt arms the timer to fire at the instant at. Source: tevent_add_timer.
func (t *Timer) ResetAt(at time.Time) {
	t.ev.enter()
	t.arm(int64(at.Sub(t.ev.start)))
	t.held = t.ev.Attach(KindTimer, "timer", t.tag)
}

// Stop disarms the timer and reports whether it was armed.
func (t *Timer) Stop() bool {
	if t.pos == 0 {
		return false
	}
	t.ev.enter()
	t.ev.timers.remove(t.pos)
	t.held.Release()
	return true
}

// Armed reports whether the timer is going to fire.
func (t *Timer) Armed() bool { return t.pos != 0 }

// SetTag gives the timer a number for its owner's use, 0 at first, which traces
// show. It stays over lives. Source: tevent_timer_set_tag.
func (t *Timer) SetTag(tag uint64) {
	t.tag = tag
	t.held.SetTag(tag)
}

// Tag is the number of SetTag. Source: tevent_timer_get_tag.
func (t *Timer) Tag() uint64 { return t.tag }

// fire runs the function of a timer that the heap has let go.
func (t *Timer) fire() {
	switch {
	case !t.ev.observed:
		t.run()
	case t.held.ev == nil:
		t.ev.measure(subject{kind: KindTimer, name: "timer of a request", fd: -1}, t.run)
	default:
		t.held.call("timer", t.tag, -1, t.run)
	}
}

func (t *Timer) run() {
	t.held.Release()
	t.f()
}

func (t *Timer) arm(when int64) {
	t.Stop()
	t.ev.timers.add(when, t)
}

// after is the instant d after now, both since the context's start; it
// saturates instead of wrapping.
func after(now int64, d time.Duration) time.Duration {
	if d > 0 && now > math.MaxInt64-int64(d) {
		return math.MaxInt64
	}
	return time.Duration(now) + max(d, 0)
}
