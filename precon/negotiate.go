package precon

import (
	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// bootOp is a negotiation on a connection that the user brought.
type bootOp struct {
	tevent.Op[*Conn]
	ep      *Endpoint
	session *session
}

// Negotiate negotiates on a connection that was made elsewhere, such as an
// inherited socket or one end of a socketpair, and owns it from now on. One of
// the two sides is active, as the one that dialled would be. There is no second
// try, and the bound of half-open negotiations does not count it.
//
// Errors: *Error when the negotiation failed, and those of tsocket.Stream.Gate
// on a stream that is in use.
func (e *Endpoint) Negotiate(boot *tsocket.Stream, active bool) tevent.Req[*Conn] {
	o := &bootOp{ep: e}
	o.Start(e.ev, "negotiate")
	o.SetRelease(func(c *Conn) { c.Close() })
	o.SetCancel(o.cancel)
	role, conn := wire.Passive, wire.ID{}
	if active {
		role, conn = wire.Active, e.newID()
	}
	var err error
	o.session, err = e.newSession(boot, role, conn, e.ev.Now().Add(e.cfg.Timeout), o)
	o.Fail(err)
	return o.Req()
}

func (o *bootOp) opened(c *Conn) {
	o.session = nil
	o.Done(c)
}

func (o *bootOp) failed(s *session, f *machine.Fault) {
	o.session = nil
	if o.InProgress() {
		o.Fail(s.fault(f))
	}
}

// looped is a bootstrap that our own Dial opened.
func (o *bootOp) looped(conn wire.ID) {
	o.session = nil
	if d := o.ep.dials[conn]; d != nil && o.InProgress() {
		o.ep.loop(d, func(c *Conn) { o.Done(c) })
	}
}

func (o *bootOp) over(*session) {}

// cancel tells the peer; that goes on when the request has ended.
func (o *bootOp) cancel(cause error) bool {
	s := o.session
	o.session = nil
	o.Fail(cause)
	if s != nil {
		s.abort(reasonOf(cause))
	}
	return true
}
