package tsocket

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// Send queues one message, which is bufs together, and completes with its length
// when all of it is with the transport. What one turn sends goes out at its end.
// The bytes are the connection's until the request has completed. A message that
// was begun is never torn: its cancel completes it with its count, and the rest of
// its frame is still sent.
//
// Errors: EINVAL for an empty message, ECONNABORTED while disconnecting, EPIPE
// after the end; EMSGSIZE for a message above SetMax, or above what the system
// takes, which ends this request alone; queue.ErrFull over the limits of the queue.
func (m *Messages) Send(bufs ...[]byte) tevent.Req[int] {
	n, err := m.sendable(bufs)
	if err != nil {
		return tevent.Failed[int](m.s.context(), "send", m.s.wrap("send", err))
	}
	return m.s.enqueue(m.framing(m.s.newOut(outSend, m.fitting(bufs), n)))
}

// SendQueue is Send when its turn in q comes; see Stream.WritevQueue.
func (m *Messages) SendQueue(q *queue.Queue, bufs ...[]byte) tevent.Req[int] {
	n, err := m.s.check(bufs)
	if err == nil {
		err = m.tooLong(n)
	}
	if err == nil {
		err = m.s.werr
	}
	if err != nil {
		return tevent.Failed[int](m.s.context(), "send", m.s.wrap("send", err))
	}
	o := m.s.newQueued(m.fitting(bufs), n)
	m.framing(&o.outOp)
	return m.s.queueIn(q, o, n)
}

// SendRights is Send of data with descriptors that travel with it; see
// Stream.SendRights for them. EOPNOTSUPP where the connection is no unix socket.
func (m *Messages) SendRights(data []byte, fds ...int) tevent.Req[int] {
	err := m.tooLong(len(data))
	if err == nil {
		var o *outOp
		if o, err = m.s.newRights(data, fds); err == nil {
			return m.s.enqueue(m.framing(o))
		}
	}
	return tevent.Failed[int](m.s.context(), "send rights", m.s.wrap("send rights", err))
}

// sendable is the length of a message that may be queued, or why it may not.
func (m *Messages) sendable(bufs [][]byte) (int, error) {
	if n, ok := total(bufs); ok && m.tooLong(n) != nil {
		return 0, syscall.EMSGSIZE
	}
	return m.s.sendable(bufs)
}

func (m *Messages) tooLong(n int) error {
	if m.framed && n > m.max {
		return syscall.EMSGSIZE
	}
	return nil
}

// fitting is bufs in as many pieces as one system call takes.
func (m *Messages) fitting(bufs [][]byte) [][]byte {
	if m.framed || len(bufs) <= sys.MaxBufs {
		return bufs
	}
	return [][]byte{slices.Concat(bufs...)}
}

// framing puts the length in front of a message that needs one.
func (m *Messages) framing(o *outOp) *outOp {
	if m.framed {
		o.frame()
	}
	return o
}

// SendShutdown is that of Stream.
func (m *Messages) SendShutdown() tevent.Req[int] { return m.s.SendShutdown() }

// ShutdownWrite is that of Stream.
func (m *Messages) ShutdownWrite() tevent.Req[int] { return m.s.ShutdownWrite() }

// SetSendLimits is that of Stream. A frame's length counts.
func (m *Messages) SetSendLimits(l Limits) { m.s.SetSendLimits(l) }

// Room is that of Stream.
func (m *Messages) Room(n int) bool { return m.s.Room(n) }

// Drained is that of Stream.
func (m *Messages) Drained() tevent.Req[tevent.None] { return m.s.Drained() }

// Queued is that of Stream. It is safe from any goroutine.
func (m *Messages) Queued() (messages, bytes int) { return m.s.Queued() }
