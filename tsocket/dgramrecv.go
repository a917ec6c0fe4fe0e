package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// dgramReceiver is the operation of the receiving direction.
type dgramReceiver interface {
	// packets is where datagrams go.
	packets() []Packet
	// finish ends the operation: n packets have come, or err.
	finish(n int, err error)
	// arm makes an operation that has to wait cancellable.
	arm()
}

// recvfromOp receives one datagram.
type recvfromOp struct {
	tevent.Op[Datagram]
	d    *Dgram
	one  [1]Packet
	stop func(error) bool
}

// Recvfrom completes with the next datagram, whose bytes are in buf; one that is
// longer is cut, and says so. The buffer is the endpoint's until the request has
// completed. A cancelled Recvfrom has taken nothing.
//
// Errors: ECONNABORTED while disconnecting, EBUSY beside another receive, and
// what the network tells a connected endpoint of what it sent, such as
// ECONNREFUSED; none of them sticks. Source: tdgram_recvfrom_send.
func (d *Dgram) Recvfrom(buf []byte) tevent.Req[Datagram] {
	if err := d.mayReceive(); err != nil {
		return tevent.Failed[Datagram](d.context(), "recvfrom", d.wrap("recvfrom", err))
	}
	o := d.spareRecvfrom()
	o.Start(d.ev, "recvfrom")
	o.one[0].Buf = buf
	d.startRecv(o)
	return o.Req()
}

// spareRecvfrom is an operation that is free.
func (d *Dgram) spareRecvfrom() *recvfromOp {
	if d.recvfrom == nil || d.recvfrom.State() != tevent.StateFree {
		o := &recvfromOp{d: d}
		o.stop = func(cause error) bool { return d.stopRecv(cause) }
		d.recvfrom = o
	}
	return d.recvfrom
}

func (o *recvfromOp) packets() []Packet { return o.one[:] }

func (o *recvfromOp) arm() { o.SetCancel(o.stop) }

func (o *recvfromOp) finish(_ int, err error) {
	p := o.one[0]
	o.one[0] = Packet{}
	if err != nil {
		o.Fail(o.d.wrap("recvfrom", err))
		return
	}
	o.Done(Datagram{N: p.N, From: p.Addr, Truncated: p.Truncated})
}

// recvBatchOp receives datagrams.
type recvBatchOp struct {
	tevent.Op[int]
	d    *Dgram
	ps   []Packet
	stop func(error) bool
}

// RecvBatch completes when at least one datagram has come, with how many there
// are: they fill ps from the first on, at most len(ps). For the others it is as
// Recvfrom. The packets and their buffers are the endpoint's until the request
// has completed. EINVAL: ps is empty.
func (d *Dgram) RecvBatch(ps []Packet) tevent.Req[int] {
	err := d.mayReceive()
	if len(ps) == 0 {
		err = syscall.EINVAL
	}
	if err != nil {
		return tevent.Failed[int](d.context(), "recvbatch", d.wrap("recvbatch", err))
	}
	o := d.spareRecvBatch()
	o.Start(d.ev, "recvbatch")
	o.ps = ps
	d.startRecv(o)
	return o.Req()
}

// spareRecvBatch is an operation that is free.
func (d *Dgram) spareRecvBatch() *recvBatchOp {
	if d.recvBatch == nil || d.recvBatch.State() != tevent.StateFree {
		o := &recvBatchOp{d: d}
		o.stop = func(cause error) bool { return d.stopRecv(cause) }
		d.recvBatch = o
	}
	return d.recvBatch
}

func (o *recvBatchOp) packets() []Packet { return o.ps }

func (o *recvBatchOp) arm() { o.SetCancel(o.stop) }

func (o *recvBatchOp) finish(n int, err error) {
	o.ps = nil
	o.Finish(n, o.d.wrap("recvbatch", err))
}
