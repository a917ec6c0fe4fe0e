package tsocket

import (
	"slices"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// queuedOp is a message in a queue of the caller's. It waits there for its
// trigger, which puts it, and the stream's own right behind it, into the outbox.
type queuedOp struct {
	outOp
	queue.Entry
	own     *ownQueued
	after   *queuedOp // the next one that waits, or is spare
	waiting bool      // for its trigger
}

// ownQueued is what a stream knows of its messages in queues of its users. It
// is owned by the loop; a stream that joins another loop starts a new one.
type ownQueued struct {
	head, tail *queuedOp // those that wait for their trigger
	last       *queuedOp // claimed last; at the flush it claims what came since
	spare      *queuedOp
}

// WritevQueue is Writev when its turn in q comes: a queue on the stream's
// context, which serializes what its users like and may be stopped, inspected
// and closed. Messages for one stream that stand one behind the other are claimed
// together and go out in one system call at the end of the turn, or at once from
// 64 KiB or 64 messages on; each completes on its own. The bytes are the stream's
// until the request has completed. A result that nobody takes holds the queue.
//
// A message that waits leaves the queue when it is cancelled. One that was begun
// is never torn: its cancel completes it with its count, and its rest, copied and
// still counted in q, goes first.
//
// Errors: as Writev, but for EBUSY; queue.ErrFull and queue.ErrClosed. An error
// of the stream is told to every message for it, at work or waiting. Source:
// tstream_writev_queue_send.
func (s *Stream) WritevQueue(q *queue.Queue, bufs ...[]byte) tevent.Req[int] {
	n, err := s.check(bufs)
	if err == nil {
		err = s.werr
	}
	if err != nil {
		return tevent.Failed[int](s.context(), "writev", s.wrap("writev", err))
	}
	return s.queueIn(q, s.newQueued(bufs, n), n)
}

// queueIn has o wait for its turn.
func (s *Stream) queueIn(q *queue.Queue, o *queuedOp, n int) tevent.Req[int] {
	o.own.wait(o)
	queue.AddOptimizeEmpty(q, o, n, (*queuedOp).begin)
	if s.out.flush.Scheduled() && (q.Bytes() >= flushBytes || q.Length() >= flushEntries) {
		s.flushed()
	}
	return o.Req()
}

// newQueued is a started operation with a message; n is its length.
func (s *Stream) newQueued(bufs [][]byte, n int) *queuedOp {
	o := s.spareQueued()
	o.Start(s.ev, verbs[outQueued])
	o.kind, o.size, o.lead, o.sent, o.i, o.k = outQueued, n, 0, 0, 0, 0
	o.bufs = append(o.store[:0], bufs...)
	return o
}

// spareQueued is an operation that is free.
func (s *Stream) spareQueued() *queuedOp {
	own := s.out.queued
	if own == nil {
		own = &ownQueued{}
		s.out.queued = own
	}
	o := own.spare
	if o == nil {
		o = &queuedOp{outOp: outOp{s: s}, own: own}
		o.stop = o.cancel
		o.SetBatch(s)
		queue.OnFree(o, o.recycle)
		return o
	}
	own.spare, o.after = o.after, nil
	return o
}

// recycle keeps the operation for the next message.
func (o *queuedOp) recycle() {
	o.after = o.own.spare
	o.own.spare = o
}

// Fail is how the queue ends a message that waits.
func (o *queuedOp) Fail(err error) bool {
	if err == nil {
		return false
	}
	o.own.waitsNoMore(o)
	o.finish(err)
	return true
}

// begin is the trigger.
func (o *queuedOp) begin() {
	o.own.claim(o)
	o.s.sendSoon()
}

// claim takes what may be started together with o, which is at work.
func (l *ownQueued) claim(o *queuedOp) {
	for w := range queue.Batch(o) {
		w.Claim()
		if w.waiting {
			l.waitsNoMore(w)
			l.last = w
			w.s.out.push(&w.outOp)
			w.SetCancel(w.stop)
		}
	}
}

// claimLate takes what came since the trigger ran.
func (l *ownQueued) claimLate() {
	if l != nil && l.last != nil && l.last.InProgress() {
		l.claim(l.last)
	}
}

// cancel ends a message at work. One that was begun leaves its rest behind, in
// the outbox and in the queue.
func (o *queuedOp) cancel(cause error) bool {
	s, x := o.s, &o.s.out
	s.stopWrite()
	if o.sent > 0 {
		r := s.newQueued([][]byte{slices.Concat(o.pieces(nil, len(o.bufs))...)}, o.size-o.sent)
		r.Req().Ignore()
		queue.Replace(o, r, r.size, (*queuedOp).begin)
		x.replace(&o.outOp, &r.outOp)
		r.SetCancel(r.stop)
	} else {
		x.remove(&o.outOp)
	}
	o.finish(cause)
	s.startWrite()
	return true
}

// wait appends a message that waits for its trigger.
func (l *ownQueued) wait(o *queuedOp) {
	o.waiting = true
	if l.tail == nil {
		l.head = o
	} else {
		l.tail.after = o
	}
	l.tail = o
}

// waitsNoMore takes o out; mostly it is the first.
func (l *ownQueued) waitsNoMore(o *queuedOp) {
	o.waiting = false
	var prev *queuedOp
	for w := l.head; w != o; w = w.after {
		prev = w
	}
	if prev == nil {
		l.head = o.after
	} else {
		prev.after = o.after
	}
	if l.tail == o {
		l.tail = prev
	}
	o.after = nil
}

// any reports whether messages wait.
func (l *ownQueued) any() bool { return l != nil && l.head != nil }

// fail ends what waits with an error of the stream.
func (l *ownQueued) fail(err error) {
	for l.any() {
		o := l.head
		o.Leave()
		o.Fail(err)
	}
}
