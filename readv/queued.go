package readv

import (
	"syscall"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// The readers in a queue. Each starts when the result of the one before it was
// taken, so a lent PDU could not outlive its callback: there is no PeekPDU for
// a queue.

// queuedPDU is a PDU read when its turn comes.
type queuedPDU struct {
	pduOp
	queue.Entry
	ev *tevent.Context // of the request
}

// queuedRead is a Read when its turn comes.
type queuedRead struct {
	readOp
	queue.Entry
	ev *tevent.Context // of the request
}

// PDUQueue is PDU when its turn in q comes, which is when the results of the
// readers before it were taken: each gets one PDU, in order. q is a queue on the
// stream's context, and counts a reader as an entry of 0 bytes. A reader that
// fails means nothing to the next, but an error of the stream comes to each.
//
// Errors: as PDU, EBUSY beside a reader that is not in q, queue.ErrFull and
// queue.ErrClosed, EINVAL if the stream has been moved to another context
// meanwhile. Source: tstream_readv_pdu_queue_send.
func PDUQueue(s *tsocket.Stream, q *queue.Queue, f Framer, buf []byte) tevent.Req[[]byte] {
	if s.Context() == nil {
		return s.Peek(1)
	}
	o := &queuedPDU{pduOp: pduOp{s: s, framer: f, dst: buf[:0]}, ev: s.Context()}
	o.Start(o.ev, "pdu queue")
	queue.AddOptimizeEmpty(q, o, 0, (*queuedPDU).begin)
	return o.Req()
}

func (o *queuedPDU) begin() {
	if !o.Fail(moved(o.s, o.ev)) {
		o.look(o.s.Buffered())
	}
}

// ReadQueue is Read when its turn in q comes, as PDUQueue is for PDU; next is
// called from the loop only. Errors as PDUQueue and Read. Source:
// tstream_readv_pdu_queue_send.
func ReadQueue(s *tsocket.Stream, q *queue.Queue, next func() ([][]byte, error)) tevent.Req[int] {
	if s.Context() == nil {
		return s.Readv(make([]byte, 1))
	}
	o := &queuedRead{ev: s.Context()}
	o.init(s)
	o.next = next
	o.Start(o.ev, "read queue")
	queue.Add(q, o, 0, (*queuedRead).begin)
	return o.Req()
}

func (o *queuedRead) begin() {
	o.SetCancel(o.stop)
	if !o.Fail(moved(o.s, o.ev)) {
		o.ask()
	}
}

// moved is why a reader cannot begin on a stream that has left ev.
func moved(s *tsocket.Stream, ev *tevent.Context) error {
	if s.Context() != ev {
		return syscall.EINVAL
	}
	return nil
}
