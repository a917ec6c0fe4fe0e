package tsocket

import "github.com/tsocket-go/tsocket/tevent"

var (
	_ StreamOps  = (*Transparent)(nil)
	_ RoomTeller = (*Transparent)(nil)
	_ Optioner   = (*Transparent)(nil)
)

// Transparent is a layer that leaves the bytes as they are: transfers go to the
// transport of Lower directly, behind what Lower had read ahead, and cost nothing
// more. Layers that change only the beginning or the end of a connection embed
// it. Such a layer sends on Lower by itself only before Done and in StartShut,
// when no transfer is under way.
type Transparent struct {
	Lower *Stream // immutable
	rest  []byte  // of what Lower had read ahead
}

// StartRead receives what Lower had read ahead, or from its transport.
func (t *Transparent) StartRead(r *Read) {
	s := t.Lower
	if s.in.len() > 0 {
		t.rest = append([]byte(nil), s.in.bytes()...)
		s.in.drop()
	}
	switch {
	case len(t.rest) > 0:
		n := scatter(r.Buffers(), t.rest)
		t.rest = t.rest[n:]
		r.Finish(n, nil)
	case s.rerr != nil:
		r.Finish(0, s.rerr)
	default:
		s.ops.StartRead(r)
	}
}

// scatter copies b into bufs and returns how much of it fits.
func scatter(bufs [][]byte, b []byte) int {
	n := 0
	for _, p := range bufs {
		n += copy(p, b[n:])
	}
	return n
}

// StartWrite sends with the transport of Lower.
func (t *Transparent) StartWrite(w *Write) {
	if err := t.Lower.werr; err != nil {
		w.Finish(err)
		return
	}
	t.Lower.ops.StartWrite(w)
}

// CancelRead takes the read back.
func (t *Transparent) CancelRead() { t.Lower.ops.CancelRead() }

// CancelWrite takes the write back.
func (t *Transparent) CancelWrite() { t.Lower.ops.CancelWrite() }

// StartShut has nothing to say.
func (t *Transparent) StartShut(x *Shut) { x.Finish(nil) }

// Close has nothing to release; the stream below is the connection's.
func (t *Transparent) Close() error { return nil }

// Monitor is that of the transport of Lower.
func (t *Transparent) Monitor(f func(error)) { t.Lower.ops.Monitor(f) }

// Pending is what Lower has, and its transport.
func (t *Transparent) Pending() (int, error) {
	n, err := t.Lower.ops.Pending()
	return t.Lower.in.len() + len(t.rest) + n, err
}

// WaitRoom waits for room in the transport of Lower.
func (t *Transparent) WaitRoom(f func()) { t.Lower.try().waitRoom(f) }

// Options are those of the socket below.
func (t *Transparent) Options() Options { return t.Lower.Options() }

// Attach moves Lower to ev.
func (t *Transparent) Attach(ev *tevent.Context) error { return t.Lower.SetEventContext(ev) }

// Detach takes Lower off its loop.
func (t *Transparent) Detach() error { return t.Lower.SetEventContext(nil) }
