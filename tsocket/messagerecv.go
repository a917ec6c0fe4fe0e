package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// Message is what Recv completes with.
type Message struct {
	N         int   // bytes of it that are in the buffer, at least 1
	Truncated bool  // the buffer was too short; the bytes beyond it are lost
	FDs       []int // the descriptors that came with it, at the front of the slice they were asked with
	Surplus   bool  // more descriptors came than there was room for; they were closed
}

// Recv completes with the next message, whose bytes are in buf; one that is longer
// is cut, and says so. The buffer is the connection's until the request has
// completed. A cancelled or timed-out Recv has taken nothing.
//
// An empty message of a foreign peer is the end of a SOCK_SEQPACKET connection,
// from which the system does not tell it apart, and EBADMSG on a framed one.
//
// Errors: EINVAL for an empty buf, ECONNABORTED while disconnecting, EBUSY beside
// another Recv; EMSGSIZE for a frame above SetMax and EBADMSG, after which nothing
// more is received. At the end of the connection io.EOF, or io.ErrUnexpectedEOF
// inside a frame, both also EPIPE. Descriptors that come along are closed.
func (m *Messages) Recv(buf []byte) tevent.Req[Message] { return m.recv("recv", buf, nil) }

// RecvRights is Recv that takes the descriptors that come with the message,
// close-on-exec and the caller's: at most len(fds), a surplus is closed and told.
// Those of a result that nobody takes are closed.
//
// Errors: as Recv; beside an error there are no descriptors. EOPNOTSUPP where the
// connection is no unix socket. On frames, as for Stream.RecvRights, a connection
// that was received from before has to say CarryRights first, else EINVAL.
func (m *Messages) RecvRights(buf []byte, fds []int) tevent.Req[Message] {
	if err := m.CarryRights(); err != nil {
		return tevent.Failed[Message](m.s.context(), "recv rights", m.s.wrap("recv rights", err))
	}
	return m.recv("recv rights", buf, fds)
}

// CarryRights is that of Stream, for frames; the system's own messages need none.
func (m *Messages) CarryRights() error {
	if m.framed {
		return m.s.CarryRights()
	}
	return nil
}

func (m *Messages) recv(verb string, buf []byte, fds []int) tevent.Req[Message] {
	s := m.s
	_, err := s.check([][]byte{buf})
	if err == nil && s.occupied() {
		err = syscall.EBUSY
	}
	if err != nil {
		return tevent.Failed[Message](s.context(), verb, s.wrap(verb, err))
	}
	if m.framed {
		return m.recvFrame(verb, buf, fds)
	}
	return m.recvPacket(verb, buf, fds)
}

// closeRights closes the descriptors of a message that nobody took.
func (m *Messages) closeRights(g Message) { closeAll(m.s.last.Driver().Kernel, g.FDs) }
