package tsocket

import (
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// Dgram is an endpoint of datagrams. It keeps the rules that hold on every
// transport: one receive and one send at a time, an empty datagram is one like
// any other, truncation is told, no error sticks. It is owned by the loop of its
// context. Source: struct tdgram_context.
type Dgram struct {
	ops           DgramOps // immutable
	local, remote Address  // immutable
	held          tevent.Holding
	ev            *tevent.Context // nil while detached
	last          *tevent.Context // ev, or the one before it was detached
	onClose       []func()

	// Receiving.
	recv      DgramRecv
	receiver  dgramReceiver // nil: none
	recvfrom  *recvfromOp   // spare, or the receiver
	recvBatch *recvBatchOp  // spare, or the receiver

	// Sending.
	send   DgramSend
	out    dgramOutbox
	sendto *sendtoOp     // spare, or in the outbox
	queued *queuedSendto // those that are spare

	tries *dgramTries // of both directions; nil until used

	// Ending.
	monitor *monitorOp
	state   linkState
}

// NewDgram returns the front of a transport that is attached to ev. local and
// remote, which is the zero Address unless every datagram has the same peer, are
// for people and errors. From now on the Dgram owns ops.
func NewDgram(ev *tevent.Context, ops DgramOps, local, remote Address) *Dgram {
	d := &Dgram{}
	d.init(ev, ops, local, remote)
	return d
}

func (d *Dgram) init(ev *tevent.Context, ops DgramOps, local, remote Address) {
	d.ops, d.local, d.remote = ops, local, remote
	d.recv.d, d.send.d = d, d
	d.attached(ev)
}

// attached makes ev the endpoint's context.
func (d *Dgram) attached(ev *tevent.Context) {
	d.ev, d.last = ev, ev
	d.held = ev.Hold(tevent.KindFD, "dgram")
}

// LocalAddr is the endpoint's own address.
func (d *Dgram) LocalAddr() Address { return d.local }

// RemoteAddr is the address of the connected peer, the zero Address without one.
func (d *Dgram) RemoteAddr() Address { return d.remote }

// Context is the event context the endpoint is attached to; nil while detached.
func (d *Dgram) Context() *tevent.Context { return d.ev }

// context is where a failure is told: the present context or, detached, the
// last one.
func (d *Dgram) context() *tevent.Context { return d.last }

// usable is why no operation may start: nil if one may.
func (d *Dgram) usable() error {
	if err := d.state.refusal(); err != nil || d.ev != nil {
		return err
	}
	return syscall.EINVAL // detached
}

// busy reports whether an operation is pending in any direction.
func (d *Dgram) busy() bool { return d.receiver != nil || d.out.head != nil }

// wrap adds verb and addresses at the public edge.
func (d *Dgram) wrap(verb string, err error) error { return d.wrapTo(verb, d.remote, err) }

// wrapTo is wrap for a datagram with an address of its own.
func (d *Dgram) wrapTo(verb string, to Address, err error) error {
	if err == nil {
		return nil // most often; the addresses are long
	}
	if !to.IsValid() {
		to = d.remote
	}
	return dgramError(verb, d.local, to, err)
}

// dgramError is opError with the network of datagrams.
func dgramError(verb string, local, remote Address, err error) error {
	err = opError(verb, local, remote, err)
	if e, ok := err.(*net.OpError); ok {
		switch e.Net {
		case "tcp":
			e.Net = "udp"
		case "unix":
			e.Net = "unixgram"
		}
	}
	return err
}

// Options are the socket's. Where there is none, each of them is EOPNOTSUPP.
func (d *Dgram) Options() Options { return Options{d} }

// socket is the descriptor, or why there is none.
func (d *Dgram) socket() (sys.Kernel, int, error) {
	f, ok := d.ops.(*dgramOps)
	switch err := d.usable(); {
	case err != nil:
		return nil, -1, err
	case !ok:
		return nil, -1, syscall.EOPNOTSUPP
	}
	return f.kernel(), f.fd, nil
}

func (d *Dgram) isIPv6() bool { return d.local.Is6() }
