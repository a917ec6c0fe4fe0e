package tevent

import (
	"io"
	"slices"
	"time"
)

// None is the result of a request that has none.
type None struct{}

// Op is the implementer's side of a request: the operation's own state embeds
// it by value, so that request and state are one allocation, and an owner that
// runs the same operation again and again starts the same Op again.
//
// An Op is embedded in unexported structs only and never copied after Start.
// It is owned by the loop: every method is called on the goroutine that runs
// the context. Source: struct tevent_req and tevent_req_create.
type Op[T any] struct {
	_ noCopy
	core
	value T
}

// noCopy lets vet find copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Start begins a life of the operation. name is static text for people, such
// as "readv". Start panics if the Op is not free: it is free before its first
// life, and again when the request has ended and the implementer has called
// Done, Fail or Finish.
func (o *Op[T]) Start(ev *Context, name string) { o.start(ev, name, o) }

// Req is the caller's side of the present life.
func (o *Op[T]) Req() Req[T] { return Req[T]{o, o.gen} }

// Done finishes the request with v. The callback runs from the loop, never in
// here. A second finish panics; if the request was abandoned or dropped
// meanwhile, v is released and nothing else happens. Source: tevent_req_done.
func (o *Op[T]) Done(v T) { o.outcome(v, nil, "Done") }

// Fail finishes the request with err and reports true. If err is nil it
// changes nothing and reports false, so that a step reads
//
//	if op.Fail(err) {
//		return
//	}
//
// Source: tevent_req_error.
func (o *Op[T]) Fail(err error) bool {
	if err == nil {
		return false
	}
	o.outcome(o.value, err, "Fail")
	return true
}

// Finish is Done with a v that stays meaningful beside an error, such as a
// byte count.
func (o *Op[T]) Finish(v T, err error) { o.outcome(v, err, "Finish") }

func (o *Op[T]) outcome(v T, err error, what string) {
	if !o.letGo(what) {
		if err == nil {
			o.giveBack(v)
		}
		o.late()
		return
	}
	o.value = v
	if err == nil {
		o.finish(StateDone)
		return
	}
	o.rare().err = err
	o.finish(StateFailed)
}

// SetCancel sets what Cancel, a deadline, Drop, the parent's finish and
// Context.Close ask, each at most once, with the cause. f reports whether the
// request will now finish; it may finish it itself. An operation that borrows
// its caller's memory must have a cancel function, and finishes only when it
// has stopped using the memory. Source: tevent_req_set_cancel_fn.
func (o *Op[T]) SetCancel(f func(cause error) bool) { o.stop = f }

// SetCleanup sets what runs once when the outcome is fixed, with StateDone
// or StateFailed, before the callback, and once when the request has ended, with
// StateEnded. Source:
// tevent_req_set_cleanup_fn.
func (o *Op[T]) SetCleanup(f func(State)) { o.rare().cleanup = f }

// Expire ends the request for its caller as a deadline does: its cancel function
// is asked with the cause, and if there is none or it refuses, the caller gets
// the cause as his error at once. It is for owners of other people's operations,
// such as a queue that is closed.
func (o *Op[T]) Expire(cause error) { o.expire(cause) }

// SetPrint sets what String appends to what it says about this life of the
// operation, such as how far it has come. Source: tevent_req_set_print_fn.
func (o *Op[T]) SetPrint(f func() string) { o.rare().print = f }

// SetRelease sets what is told a result that nobody received.
func (o *Op[T]) SetRelease(f func(T)) { o.rare().release = f }

// SetFree sets what is told, now and in later lives, that the Op may be
// started again. It is for owners that keep spare operations.
func (o *Op[T]) SetFree(f func()) { o.freed = f }

// Own closes c when the request finishes, however it does; what was owned last
// is closed first.
func (o *Op[T]) Own(c io.Closer) {
	sd := o.rare()
	sd.owned = append(sd.owned, c)
}

// Disown takes c back from Own, to give it away as the result.
func (o *Op[T]) Disown(c io.Closer) {
	sd := o.rare()
	if i := slices.Index(sd.owned, c); i >= 0 {
		sd.owned = slices.Delete(sd.owned, i, i+1)
	}
}

// Defer keeps the callback out of the turn in which the request finishes. It is
// called before that. Source: tevent_req_defer_callback.
func (o *Op[T]) Defer() {
	if !o.has(settled) {
		o.flags |= deferred
	}
}

// State tells where the operation is in its life.
func (o *Op[T]) State() State { return o.state }

// InProgress reports whether the operation has no outcome yet.
func (o *Op[T]) InProgress() bool { return o.state == StateInProgress }

// Attended reports whether the caller has said what becomes of the outcome:
// set a callback, adopted the request, ignored or dropped it. Until then an
// operation may still be inside the call that started it.
func (o *Op[T]) Attended() bool { return o.cb != nil || o.has(ignored|dropped) }

// Started is the turn's time at Start. The Op has been started at least once.
func (o *Op[T]) Started() time.Time { return o.ev.start.Add(time.Duration(o.started)) }

// String gives name, state, age, parents, the places that tracking knows and what
// SetPrint adds. Source: tevent_req_print and tevent_req_default_print.
func (o *Op[T]) String() string { return o.string() }

func (o *Op[T]) release() { o.giveBack(o.value) }

func (o *Op[T]) giveBack(v T) {
	if o.side == nil {
		return
	}
	if f, ok := o.side.release.(func(T)); ok {
		f(v)
	}
}

func (o *Op[T]) clear() {
	var zero T
	o.value = zero
}

// take ends the request and returns its outcome.
func (o *Op[T]) take() (T, error) {
	v, err := o.value, error(nil)
	if o.state == StateFailed {
		err = o.side.err
	}
	o.flags |= received
	o.end()
	return v, err
}
