package tsocket

import "github.com/tsocket-go/tsocket/tevent"

var (
	_ StreamOps = (*seat)(nil)
	_ Aborter   = (*seat)(nil)
)

// seat is a level of a connection as the transport of the stream on it. Bytes
// are the layer's; the end is the connection's as long as the level is the top.
type seat struct {
	StreamOps // the layer
	c         *connection
	level     *level
}

// beneath is what may implement more than StreamOps: ops itself, or the layer in
// its seat.
func beneath(ops StreamOps) StreamOps {
	if t, ok := ops.(*seat); ok {
		return t.StreamOps
	}
	return ops
}

func (t *seat) StartShut(x *Shut) {
	switch {
	case !t.level.isTop():
		t.StreamOps.StartShut(x)
	case t.c.isClosed():
		x.Finish(nil)
	default:
		t.c.ask(x)
	}
}

func (t *seat) Close() error {
	if !t.level.isTop() {
		return t.StreamOps.Close()
	}
	return t.c.close()
}

func (t *seat) Abort() { t.c.hard = true }

func (t *seat) Attach(ev *tevent.Context) error {
	if t.c.isClosed() {
		return nil
	}
	if err := t.StreamOps.Attach(ev); err != nil {
		return err
	}
	t.c.ev = ev
	return nil
}

func (t *seat) Detach() error {
	if t.c.isClosed() {
		return nil
	}
	if err := t.StreamOps.Detach(); err != nil {
		return err
	}
	t.c.ev = nil
	return nil
}
