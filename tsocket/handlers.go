package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// handlers are the functions that a socket's user has set to be called while
// something can be done without waiting, in place of requests: one in a turn, the
// writeable one first. It is owned by the loop.
type handlers struct {
	ev          *tevent.Context // immutable
	op          *handlersOp     // pending while a function is set
	read, write handler
	turn        tevent.Timer
}

// handlersOp is a request that never completes by itself: LoopWait waits for the
// functions as for requests, and Context.Close ends them.
type handlersOp struct {
	tevent.Op[tevent.None]
}

// handler is one direction.
type handler struct {
	f     func()
	due   bool        // a call has not said EAGAIN since it was told that one need not
	free  func() bool // no request is pending in the direction; immutable
	watch func()      // calls tell when the direction is ready, once; immutable
	rest  func()      // takes that back; immutable
	again error       // EAGAIN as the calls tell it; nil until it was told
}

// notYet is EAGAIN as a call tells it of which each batch has one: made once.
func (d *handler) notYet(w wrapper, verb string) error {
	if d.again == nil {
		d.again = w.wrap(verb, syscall.EAGAIN)
	}
	return d.again
}

// wrapper makes the errors of a socket.
type wrapper interface {
	wrap(verb string, err error) error
}

// init makes them ready for use; the directions are their owner's to fill in.
func (h *handlers) init(ev *tevent.Context) {
	h.ev = ev
	h.turn.Init(ev, h.run)
}

// set changes the function of one direction.
func (h *handlers) set(d *handler, f func()) {
	d.f, d.due = f, false
	switch {
	case f == nil:
		d.rest()
		if h.read.f == nil && h.write.f == nil {
			h.end()
		}
	case h.on():
		h.soon()
	default:
		h.begin()
	}
}

func (h *handlers) begin() {
	h.op = &handlersOp{}
	h.op.Start(h.ev, "handlers")
	h.op.SetCancel(func(error) bool {
		h.end()
		return true
	})
	h.op.Req().Ignore()
	h.soon()
}

// on reports whether a function is set.
func (h *handlers) on() bool { return h != nil && h.op != nil }

// end forgets both functions.
func (h *handlers) end() {
	if !h.on() {
		return
	}
	for _, d := range [...]*handler{&h.read, &h.write} {
		if d.f != nil {
			d.f = nil
			d.rest()
		}
	}
	h.turn.Stop()
	o := h.op
	h.op = nil
	o.Done(tevent.None{})
}

// soon has the directions looked at in the next turn: something may be due, or a
// request has made room for a watch.
func (h *handlers) soon() {
	if h.on() && !h.turn.Armed() {
		h.turn.Reset(0)
	}
}

// tell says that a direction is ready.
func (h *handlers) tell(d *handler) {
	d.due = true
	h.soon()
}

// run calls what is due, the writer's before the reader's, and watches for what is
// not.
func (h *handlers) run() {
	switch {
	case h.calls(&h.write):
		h.write.f()
	case h.calls(&h.read):
		h.read.f()
	}
}

// calls reports whether the direction's function is to be called now. It stays due
// until a call says EAGAIN.
func (h *handlers) calls(d *handler) bool {
	if d.f == nil || !d.free() {
		return false
	}
	if !d.due {
		d.watch()
	}
	if !d.due {
		return false
	}
	h.soon()
	return true
}
