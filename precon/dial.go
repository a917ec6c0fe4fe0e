package precon

import (
	"errors"
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

const (
	firstPause = 50 * time.Millisecond
	mostPause  = time.Second
)

// dialOp is a Dial under way, over its reconnects.
type dialOp struct {
	tevent.Op[*Conn]
	ep      *Endpoint
	addr    tsocket.Address
	id      wire.ID // of the connection
	limit   time.Time
	tries   int
	pause   time.Duration
	session *session // of the present bootstrap
}

// Dial connects to an endpoint that listens at addr and completes with the
// negotiated connection. A connection that cannot be opened, or is lost before
// the peer gave a verdict, is tried again, Config.Tries times in all.
//
// A Dial to an address this endpoint listens at is served by its Looper.
//
// Errors: *Error when the negotiation failed, those of tsocket.Connect,
// tevent.ErrDeadline when the time of Config.Timeout is over. Source: the
// active side of pscom's connection set-up.
func (e *Endpoint) Dial(addr tsocket.Address) tevent.Req[*Conn] {
	d := &dialOp{ep: e, addr: addr, id: e.newID(), limit: e.ev.Now().Add(e.cfg.Timeout), pause: firstPause}
	d.Start(e.ev, "dial")
	d.SetRelease(func(c *Conn) { c.Close() })
	d.SetCancel(d.cancel)
	d.SetCleanup(func(st tevent.State) { delete(e.dials, d.id) })
	e.dials[d.id] = d
	if l := e.listener(addr); l != nil && e.looper() != nil {
		e.loop(d, l.give)
		return d.Req()
	}
	d.connect()
	return d.Req()
}

func (d *dialOp) connect() {
	d.tries++
	tsocket.Connect(d.ep.ev, d.addr).SetDeadline(d.limit).Handle(d, d.connected)
}

func (d *dialOp) connected(boot *tsocket.Stream, err error) {
	if err != nil {
		d.again(err)
		return
	}
	d.session, err = d.ep.newSession(boot, wire.Active, d.id, d.limit, d)
	d.Fail(err)
}

// again pauses, at random between half and all of a time that doubles, and
// tries once more.
func (d *dialOp) again(err error) {
	ev := d.ep.ev
	wait := d.pause/2 + time.Duration(ev.Rand().Int64N(int64(d.pause/2)))
	if d.tries >= d.ep.cfg.Tries || ev.Now().Add(wait).After(d.limit) {
		d.Fail(err)
		return
	}
	d.pause = min(2*d.pause, mostPause)
	tevent.Sleep(ev, wait).Then(d, func(tevent.None) { d.connect() })
}

func (d *dialOp) opened(c *Conn) {
	d.session = nil
	d.Done(c)
}

func (d *dialOp) failed(s *session, f *machine.Fault) {
	d.session = nil
	lost := f.Kind == machine.Closed || f.Kind == machine.Lost
	if lost && !f.Heard && d.InProgress() {
		d.again(s.fault(f))
		return
	}
	if d.InProgress() {
		d.Fail(s.fault(f))
	}
}

// looped is for the passive side.
func (d *dialOp) looped(wire.ID) {}

func (d *dialOp) over(*session) {}

// cancel tells the peer; that goes on when the request has ended.
func (d *dialOp) cancel(cause error) bool {
	s := d.session
	d.session = nil
	d.Fail(cause)
	if s != nil {
		s.abort(reasonOf(cause))
	}
	return true
}

// reasonOf is what the peer is told about the end of a request.
func reasonOf(cause error) Reason {
	if errors.Is(cause, tevent.ErrDeadline) {
		return wire.Timeout
	}
	return wire.Cancelled
}
