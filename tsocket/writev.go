package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// Writev sends bufs and completes with their total length when the last byte is
// with the transport. The headers are copied; the bytes are the stream's until
// the request has completed. A cancelled or timed-out Writev says exactly how
// many bytes the transport took; the rest is not sent.
//
// Errors: EMSGSIZE for a total that overflows, EINVAL for a total of 0,
// ECONNABORTED while disconnecting, EBUSY beside another Writev or while the
// send queue is not empty, EPIPE after ShutdownWrite. Source:
// tstream_writev_send.
func (s *Stream) Writev(bufs ...[]byte) tevent.Req[int] {
	n, err := s.check(bufs)
	if err == nil && s.out.busy() {
		err = syscall.EBUSY
	}
	if err == nil {
		err = s.werr
	}
	if err != nil {
		return tevent.Failed[int](s.context(), "writev", s.wrap("writev", err))
	}
	o := s.newOut(outWritev, bufs, n)
	s.out.push(o)
	s.startWrite()
	if o.InProgress() {
		o.SetCancel(o.stop)
	}
	return o.Req()
}

// Send queues bufs behind what was queued before and completes with their total
// length when the last byte is with the transport. What one turn queues goes
// out in one system call at its end, or at once from 64 KiB or 64 messages on; what
// is queued while the callbacks of the stream's own bytes run goes out behind them.
// The bytes are the stream's until the request has completed. A message that
// was begun is never torn: its cancel completes it with its count, and the rest
// is still sent.
//
// Errors: as Writev, but for EBUSY; queue.ErrFull over the limits of the queue.
// Source: tstream_writev_queue_send.
func (s *Stream) Send(bufs ...[]byte) tevent.Req[int] { return s.send(outSend, bufs) }

func (s *Stream) send(kind outKind, bufs [][]byte) tevent.Req[int] {
	n, err := s.sendable(bufs)
	if err != nil {
		return tevent.Failed[int](s.context(), "send", s.wrap("send", err))
	}
	return s.enqueue(s.newOut(kind, bufs, n))
}

// sendable is the length of a message that may be queued, or why it may not.
func (s *Stream) sendable(bufs [][]byte) (int, error) {
	n, err := s.check(bufs)
	switch {
	case err != nil:
	case s.werr != nil:
		err = s.werr
	case !s.Room(n):
		err = queue.ErrFull
	}
	return n, err
}

// SendShutdown queues the end of the direction: when everything before it was
// sent, the peer is told that nothing follows. Reads go on.
func (s *Stream) SendShutdown() tevent.Req[int] { return s.shutdown(false) }

// ShutdownWrite ends the direction to the peer now. EBUSY while something is
// still being sent.
func (s *Stream) ShutdownWrite() tevent.Req[int] { return s.shutdown(s.out.busy()) }

func (s *Stream) shutdown(busy bool) tevent.Req[int] {
	err := s.usable()
	switch {
	case err != nil:
	case busy:
		err = syscall.EBUSY
	default:
		err = s.werr
	}
	if err != nil {
		return tevent.Failed[int](s.context(), "shutdown", s.wrap("shutdown", err))
	}
	return s.enqueue(s.newOut(outShutdown, nil, 0))
}

func (s *Stream) enqueue(o *outOp) tevent.Req[int] {
	s.out.push(o)
	r := o.Req()
	o.SetCancel(o.stop)
	s.sendSoon()
	return r
}

// sendSoon has what was pushed sent at the end of the turn, or now; what answers
// bytes of the present burst behind that burst, while it is in the processor's cache.
func (s *Stream) sendSoon() {
	x := &s.out
	switch {
	case x.writing:
	case x.bytes >= flushBytes || x.entries >= flushEntries || x.head.kind == outShutdown:
		s.startWrite()
	case x.flush.Scheduled():
	case s.burst == s.last.Driver().Bursts:
		x.flush.ScheduleAnswer()
	default:
		x.flush.ScheduleFlush()
	}
}
