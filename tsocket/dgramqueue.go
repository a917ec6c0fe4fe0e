package tsocket

import (
	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// queuedSendto is a datagram in a queue of the caller's. Its trigger puts it into
// the outbox, behind a Sendto that is under way.
type queuedSendto struct {
	sendtoOp
	queue.Entry
	ev    *tevent.Context // immutable
	after *queuedSendto   // the next spare one
}

// SendtoQueue is Sendto when its turn in q comes: a queue on the endpoint's
// context, which serializes what its users like. The bytes are the endpoint's
// until the request has completed. A result that nobody takes holds the queue.
//
// Errors: as Sendto, but for EBUSY; queue.ErrFull and queue.ErrClosed. Source:
// tdgram_sendto_queue_send.
func (d *Dgram) SendtoQueue(q *queue.Queue, buf []byte, to Address) tevent.Req[int] {
	if err := d.usable(); err != nil {
		return tevent.Failed[int](d.context(), verbSendto, d.wrapTo(verbSendto, to, err))
	}
	o := d.spareQueued()
	o.Start(d.ev, verbSendto)
	o.verb = verbSendto
	o.one[0].Buf, o.one[0].Addr = buf, to
	o.ps = o.one[:]
	r := o.Req()
	queue.AddOptimizeEmpty(q, o, len(buf), (*queuedSendto).begin)
	return r
}

// spareQueued is an operation that is free.
func (d *Dgram) spareQueued() *queuedSendto {
	o := d.queued
	if o == nil {
		o = &queuedSendto{sendtoOp: sendtoOp{d: d}, ev: d.ev}
		o.stop = o.cancel
		queue.OnFree(o, o.recycle)
		return o
	}
	d.queued, o.after = o.after, nil
	return o
}

// recycle keeps the operation for the next datagram, unless the endpoint has
// moved to another loop meanwhile.
func (o *queuedSendto) recycle() {
	if d := o.d; d.ev == o.ev {
		o.after, d.queued = d.queued, o
	}
}

// Fail is how the queue ends a datagram that waits.
func (o *queuedSendto) Fail(err error) bool {
	if err != nil {
		o.finish(err)
	}
	return err != nil
}

// begin is the trigger.
func (o *queuedSendto) begin() {
	d := o.d
	if err := d.usable(); err != nil {
		o.finish(err)
		return
	}
	d.startOut(&o.sendtoOp)
}
