package tsocket

import "github.com/tsocket-go/tsocket/tevent"

// DgramOps is what a transport of datagrams implements; Dgram is the front that
// gives it the rules. It is called from the loop of the context it is attached to.
//
// At most one DgramRecv and one DgramSend are outstanding. Either may be finished
// inside its Start call or later from the loop. After Cancel, and after Close,
// the transport touches neither any more. Source: struct tdgram_context_ops.
type DgramOps interface {
	// StartRecv receives at least one datagram into r.Packets, or an error,
	// then calls r.Finish.
	StartRecv(r *DgramRecv)
	// StartSend sends all of w.Packets, calling w.Advance and w.Refuse, then
	// w.Finish.
	StartSend(w *DgramSend)
	// CancelRecv and CancelSend take the outstanding receive or send back. What
	// was moved before has been told.
	CancelRecv()
	CancelSend()
	// Close releases everything, with force.
	Close() error
	// Monitor has f called once, from the loop, when an error waits for the next
	// receive, which still finds it, or the peer has gone; nil ends that.
	Monitor(f func(error))
	// Attach registers an idle transport with ev, Detach ends that.
	Attach(ev *tevent.Context) error
	Detach() error
}

// DgramRecv is one receive that a Dgram asks of its transport.
type DgramRecv struct{ d *Dgram }

// Packets is room for datagrams, one at least. A transport calls it when it can
// move some, from the first on, sets their N, Addr and Truncated, and calls
// Finish before it returns to the loop; if it has none after all, it forgets the
// packets.
func (r *DgramRecv) Packets() []Packet { return r.d.receiver.packets() }

// Finish ends the receive: n packets are filled, from the first on. With n = 0,
// err says why there are none; it sticks to nothing.
func (r *DgramRecv) Finish(n int, err error) { r.d.received(n, err) }

// DgramSend is one send that a Dgram asks of its transport.
type DgramSend struct{ d *Dgram }

// Packets is what is still to be sent; empty when all was. It is valid until
// Advance, Refuse, Finish or CancelSend.
func (w *DgramSend) Packets() []Packet {
	if o := w.d.out.head; o != nil {
		return o.left()
	}
	return nil
}

// Advance says that the next n packets were sent.
func (w *DgramSend) Advance(n int) { w.d.advanced(n) }

// Refuse says that the next packet cannot be sent, because of err. Those behind
// it may follow.
func (w *DgramSend) Refuse(err error) { w.d.refused(err) }

// Finish ends the send, when Packets is empty.
func (w *DgramSend) Finish() { w.d.sent() }
