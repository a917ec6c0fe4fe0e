package tevent

import (
	"context"
	"time"
)

// Req is the caller's side of a request: a future. It is a small comparable
// value that may be copied. A Req kept beyond the request's end is recognised
// and harmless; so is the zero Req. It is owned by the loop.
type Req[T any] struct {
	op  *Op[T]
	gen uint64
}

// live reports whether the request can still be received.
func (r Req[T]) live() bool {
	if r.op == nil || r.op.gen != r.gen || r.op.state == StateFree || r.op.has(ended|dropped) {
		return false
	}
	r.op.ev.enter()
	return true
}

// err is why a request is not live.
func (r Req[T]) err() error {
	if r.op == nil {
		return ErrNoRequest
	}
	return ErrStale
}

// SetCallback sets what the loop calls with the finished request, which calls
// Result. A second callback before completion replaces the first; on a
// finished request it still runs from the loop. Source:
// tevent_req_set_callback.
func (r Req[T]) SetCallback(f func(Req[T])) {
	if !r.live() {
		return
	}
	c := &r.op.core
	c.cb = onDone[T](f)
	if c.has(settled) && !c.has(deferred) {
		c.enqueue()
	}
}

// Result gives the outcome once and ends the request. Before completion it is
// ErrInProgress and changes nothing; afterwards ErrStale. The value may be
// meaningful beside an error: byte counts are always told. Source: the _recv
// functions of tevent.
func (r Req[T]) Result() (T, error) {
	var zero T
	if !r.live() {
		return zero, r.err()
	}
	if !r.op.has(settled) {
		return zero, ErrInProgress
	}
	return r.op.take()
}

// Cancel asks the operation to end and reports whether that is possible. The
// completion comes the normal way, with context.Canceled in its chain; a
// result that was on its way may still win. Source: tevent_req_cancel.
func (r Req[T]) Cancel() bool { return r.live() && r.op.cancel(context.Canceled) }

// Drop forgets the request: no callback, cancelled, its result released.
// Source: talloc_free of a tevent_req.
func (r Req[T]) Drop() {
	if r.live() {
		r.op.drop(errDropped)
	}
}

// Ignore lets the request run and discards its outcome, failures included.
func (r Req[T]) Ignore() {
	if !r.live() {
		return
	}
	c := &r.op.core
	c.flags |= ignored
	c.cb = nil
	if c.has(settled) && !c.has(deferred) {
		c.enqueue()
	}
}

// SetDeadline fails the request with ErrDeadline at t, from the loop, and
// returns it. A new deadline replaces the old; completion removes it; the zero
// time is none. It fails the request, never the stream. Source:
// tevent_req_set_endtime.
func (r Req[T]) SetDeadline(t time.Time) Req[T] {
	if r.live() {
		r.op.setDeadline(!t.IsZero(), t.Sub(r.op.ev.start))
	}
	return r
}

// SetTimeout is SetDeadline in d from now.
func (r Req[T]) SetTimeout(d time.Duration) Req[T] {
	if r.live() {
		r.op.setDeadline(true, after(r.op.ev.kernel.Now(), d))
	}
	return r
}

// setDeadline sets the deadline to an instant since the context's start.
func (c *core) setDeadline(on bool, at time.Duration) {
	if c.state != StateInProgress {
		return
	}
	if !on {
		if c.side != nil {
			c.side.deadline.Stop()
		}
		return
	}
	sd := c.rare()
	sd.deadline.init(c.ev, sd.expired)
	sd.deadline.arm(int64(at))
}

// SetTag gives this life of the request a number for its caller's use, 0 at
// first, which traces show, and returns the request.
func (r Req[T]) SetTag(tag uint64) Req[T] {
	if r.live() {
		r.op.rare().tag = tag
	}
	return r
}

// Tag is the number of SetTag, 0 when the request has ended.
func (r Req[T]) Tag() uint64 {
	if !r.live() || r.op.side == nil {
		return 0
	}
	return r.op.side.tag
}

// State tells where the request is in its life; StateEnded for a stale one.
func (r Req[T]) State() State {
	if r.op == nil || r.op.gen != r.gen {
		return StateEnded
	}
	return r.op.state
}

// InProgress reports whether the outcome cannot be received yet.
func (r Req[T]) InProgress() bool { return r.live() && !r.op.has(settled) }

// String gives name, state, age, parents, the places that tracking knows and what
// the implementer adds.
func (r Req[T]) String() string {
	if r.op == nil || r.op.gen != r.gen {
		return "request: " + r.err().Error()
	}
	return r.op.string()
}
