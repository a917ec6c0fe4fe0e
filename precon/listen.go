package precon

import (
	"net"
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Listener hands out negotiated connections. While an Accept is pending it
// takes bootstraps, and the endpoint negotiates on up to 1024 of them at once;
// otherwise they wait in the kernel. It is owned by the loop.
type Listener struct {
	ep     *Endpoint
	boot   *tsocket.Listener
	next   tevent.Req[*tsocket.Stream] // the next bootstrap, or the zero request
	accept *acceptOp                   // pending, or nil
	under  []*session                  // negotiations that still hold their bootstrap
	ready  []*Conn                     // negotiated, not yet accepted
	onFail func(error)
	closed bool
}

// acceptOp waits for a connection.
type acceptOp struct {
	tevent.Op[*Conn]
}

// Listen opens the endpoint's listener at addr. Errors are those of
// tsocket.Listen.
func (e *Endpoint) Listen(addr tsocket.Address) (*Listener, error) {
	boot, err := tsocket.Listen(e.ev, addr)
	if err != nil {
		return nil, err
	}
	l := &Listener{ep: e, boot: boot}
	e.looks = append(e.looks, l)
	return l, nil
}

// Addr is the address the listener has.
func (l *Listener) Addr() tsocket.Address { return l.boot.Addr() }

// OnFail has f told each inbound negotiation that failed, an *Error, until the
// listener is closed.
func (l *Listener) OnFail(f func(error)) { l.onFail = f }

// Accept completes with the next negotiated connection. A negotiation that
// fails does not fail it: see OnFail.
//
// Errors: EBUSY beside another Accept, net.ErrClosed after Close, and those of
// tsocket.Listener.Accept. Source: the passive side of pscom's connection
// set-up.
func (l *Listener) Accept() tevent.Req[*Conn] {
	var err error
	switch {
	case l.closed:
		err = net.ErrClosed
	case l.accept != nil:
		err = syscall.EBUSY
	}
	if err != nil {
		return tevent.Failed[*Conn](l.ep.ev, "accept", l.wrap(err))
	}
	o := &acceptOp{}
	o.Start(l.ep.ev, "accept")
	o.SetRelease(func(c *Conn) { c.Close() })
	o.SetCancel(l.end)
	l.accept = o
	l.hand()
	l.take()
	return o.Req()
}

// hand completes the pending Accept with the oldest connection.
func (l *Listener) hand() {
	if l.accept == nil || len(l.ready) == 0 {
		return
	}
	o, c := l.accept, l.ready[0]
	l.accept, l.ready = nil, l.ready[1:]
	o.Done(c)
}

// take keeps a bootstrap accept pending while somebody wants connections.
func (l *Listener) take() {
	if l.accept == nil || l.next.InProgress() || l.ep.open >= maxHalfOpen {
		return
	}
	l.next = l.boot.Accept()
	l.next.SetCallback(l.took)
}

func (l *Listener) took(r tevent.Req[*tsocket.Stream]) {
	boot, err := r.Result()
	switch {
	case l.closed && err == nil:
		boot.Close()
	case l.closed:
	case err != nil:
		l.end(err)
	default:
		l.negotiate(boot)
		l.take()
	}
}

// rest stops taking bootstraps; those that wait, wait in the kernel. One that is
// here already is negotiated on.
func (l *Listener) rest() {
	if l.next.InProgress() {
		l.next.Drop()
	}
}

// give is a connection that is ready.
func (l *Listener) give(c *Conn) {
	if l.closed {
		c.Close()
		return
	}
	l.ready = append(l.ready, c)
	l.hand()
	if l.accept == nil {
		l.rest()
	}
}

func (l *Listener) tell(err error) {
	if l.onFail != nil && !l.closed {
		l.onFail(err)
	}
}

// end fails the pending Accept.
func (l *Listener) end(err error) bool {
	o := l.accept
	l.accept = nil
	l.rest()
	return o != nil && o.Fail(l.wrap(err))
}

// Close ends the listener: a pending Accept completes with net.ErrClosed,
// connections that nobody accepted are closed, and peers that still negotiate
// are told that it is cancelled. A second Close does nothing.
func (l *Listener) Close() error {
	if l.closed {
		return nil
	}
	l.closed = true
	l.end(net.ErrClosed)
	for _, c := range l.ready {
		c.Close()
	}
	l.ready = nil
	for _, s := range slices.Clone(l.under) {
		s.withdraw()
	}
	l.ep.forget(l)
	return l.boot.Close()
}

func (l *Listener) wrap(err error) error {
	if _, ok := err.(*net.OpError); ok {
		return err
	}
	return &net.OpError{Op: "accept", Net: l.Addr().Network(), Source: l.Addr(), Err: err}
}
