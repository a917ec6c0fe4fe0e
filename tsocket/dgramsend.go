package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// sendtoOp is one entry of the outbox: datagrams and the request that completes
// when each was sent or refused.
type sendtoOp struct {
	tevent.Op[int]
	d     *Dgram
	next  *sendtoOp
	one   [1]Packet // of a Sendto
	ps    []Packet  // what is to be sent, or one
	at    int       // packets that were sent or refused
	sent  int
	err   error // of the first that was refused
	verb  string
	stop  func(error) bool
	tried bool // of a TrySendto: nobody waits for it
}

const (
	verbSendto    = "sendto"
	verbSendBatch = "sendbatch"
)

// Sendto sends buf as one datagram, which may be empty, and completes with its
// length when it was handed to the socket. to is the zero Address for the
// connected peer. The bytes are the endpoint's until the request has completed.
// A cancelled Sendto has sent nothing.
//
// Errors: ECONNABORTED while disconnecting, EBUSY beside another send, EMSGSIZE
// for more than one datagram holds, EDESTADDRREQ without a peer, and others of
// sendto(2); none of them sticks. What the network says of an older datagram is
// the next receive's. Source: tdgram_sendto_send.
func (d *Dgram) Sendto(buf []byte, to Address) tevent.Req[int] {
	if err := d.maySend(); err != nil {
		return tevent.Failed[int](d.context(), verbSendto, d.wrapTo(verbSendto, to, err))
	}
	o := d.spareSendto()
	o.Start(d.ev, verbSendto)
	o.verb = verbSendto
	o.one[0].Buf, o.one[0].Addr = buf, to
	o.ps = o.one[:]
	return d.startOut(o)
}

// SendBatch sends the Buf of each packet to its Addr, in order, and completes
// when every one was sent or refused. Its value is how many were sent, its error
// the first refused one's; each has its own N and Err. The packets and their
// buffers are the endpoint's until the request has completed. A cancelled
// SendBatch has the cause for the Err of those that were not sent. For the others
// it is as Sendto. EINVAL: ps is empty.
func (d *Dgram) SendBatch(ps []Packet) tevent.Req[int] {
	err := d.maySend()
	if len(ps) == 0 {
		err = syscall.EINVAL
	}
	if err != nil {
		return tevent.Failed[int](d.context(), verbSendBatch, d.wrap(verbSendBatch, err))
	}
	o := d.spareSendto()
	o.Start(d.ev, verbSendBatch)
	o.verb = verbSendBatch
	o.ps = ps
	return d.startOut(o)
}

// maySend is why no send may start: nil if one may.
func (d *Dgram) maySend() error {
	err := d.usable()
	if err == nil && d.out.head != nil {
		err = syscall.EBUSY
	}
	return err
}

// startOut sends what only may have to wait.
func (d *Dgram) startOut(o *sendtoOp) tevent.Req[int] {
	d.out.push(o)
	r := o.Req()
	d.startSend()
	if o.InProgress() {
		o.SetCancel(o.stop)
	}
	return r
}

// spareSendto is an operation that is free.
func (d *Dgram) spareSendto() *sendtoOp {
	if d.sendto == nil || d.sendto.State() != tevent.StateFree {
		o := &sendtoOp{d: d}
		o.stop = o.cancel
		d.sendto = o
	}
	return d.sendto
}

// left is what is neither sent nor refused.
func (o *sendtoOp) left() []Packet { return o.ps[o.at:] }

// over notes that the next packet was sent, or refused with err.
func (o *sendtoOp) over(err error) {
	p := &o.ps[o.at]
	o.at++
	p.N, p.Err = len(p.Buf), nil
	if err == nil {
		o.sent++
		return
	}
	p.N, p.Err = 0, o.d.wrapTo(o.verb, p.Addr, err)
	if o.err == nil {
		o.err = p.Err
	}
}

// finish ends the request; cause is why what is left is not sent.
func (o *sendtoOp) finish(cause error) {
	if o.tried {
		return
	}
	for len(o.left()) > 0 {
		o.over(cause)
	}
	n, err := o.sent, o.err
	if o.verb == verbSendto {
		n = o.one[0].N
	}
	o.one[0], o.ps, o.at, o.sent, o.err = Packet{}, nil, 0, 0, nil
	o.Finish(n, err)
}

func (o *sendtoOp) cancel(cause error) bool {
	d := o.d
	d.stopSend()
	d.out.remove(o)
	o.finish(cause)
	d.startSend()
	return true
}
