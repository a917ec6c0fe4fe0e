package tsocket

import (
	"math"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// DefaultMaxMessage is the longest message of a framed connection that names no
// maximum: 16 MiB.
const DefaultMaxMessage = 16 << 20

// Messages is a connection of messages, which come whole and in order: a unix
// socket of type SOCK_SEQPACKET, or frames on a stream, each a message behind its
// length in 4 bytes, big-endian. Whichever it is, the rules are the same: one
// Recv at a time, a queue of Sends, a message that is longer than its reader's
// buffer is cut and says so, and none is empty. It is owned by the loop of its
// context. Source: the MESSAGE sockets of tsocket (2009).
type Messages struct {
	s      *Stream // immutable; each of its transfers is a message, unless it is framed
	framed bool    // immutable
	max    int     // longest frame
	skip   int     // bytes at the front of the stream that are the rest of a frame that was cut
	frame  *frameOp
	packet *packetOp
	tried  tryReader
}

// FrameMessages makes frames of s, which is the connection's from then on.
func FrameMessages(s *Stream) *Messages {
	return &Messages{s: s, framed: true, max: DefaultMaxMessage}
}

// packetMessages is the connection of a stream that has just been made of a
// SOCK_SEQPACKET socket.
func packetMessages(s *Stream) *Messages {
	s.ops.(*fdOps).extend()
	s.out.whole = true
	return &Messages{s: s}
}

// SetMax sets the longest frame, in bytes without the length, that is sent or
// taken; 0 stands for DefaultMaxMessage. Where the system keeps messages apart,
// its send buffer is the limit instead.
func (m *Messages) SetMax(n int) {
	m.max = int(min(uint64(orDefault(n, DefaultMaxMessage)), math.MaxUint32))
}

// LocalAddr is the connection's own address.
func (m *Messages) LocalAddr() Address { return m.s.local }

// RemoteAddr is the peer's address.
func (m *Messages) RemoteAddr() Address { return m.s.remote }

// Context is the event context the connection is attached to; nil while detached.
func (m *Messages) Context() *tevent.Context { return m.s.ev }

// Options are the socket's. Where there is none, each of them is EOPNOTSUPP.
func (m *Messages) Options() Options { return m.s.Options() }

// SetEventContext moves an idle connection between contexts, as that of Stream
// does.
func (m *Messages) SetEventContext(ev *tevent.Context) error {
	err := m.s.SetEventContext(ev)
	if err == nil && ev != nil {
		m.frame, m.packet = nil, nil // those belong to the other loop
	}
	return err
}

// Monitor is that of Stream.
func (m *Messages) Monitor() tevent.Req[tevent.None] { return m.s.Monitor() }

// Disconnect is that of Stream.
func (m *Messages) Disconnect() tevent.Req[tevent.None] { return m.s.Disconnect() }

// Close is that of Stream.
func (m *Messages) Close() error { return m.s.Close() }

// Abort is that of Stream.
func (m *Messages) Abort() error { return m.s.Abort() }

// OnClose is that of Stream.
func (m *Messages) OnClose(f func()) { m.s.OnClose(f) }

// PeerCred is that of Stream.
func (m *Messages) PeerCred() (Cred, error) { return m.s.PeerCred() }

// ReleaseFD takes the descriptor out of an idle SOCK_SEQPACKET connection and
// closes the connection. EBUSY while an operation is pending; EOPNOTSUPP on a
// framed one.
func (m *Messages) ReleaseFD() (int, error) {
	if m.framed {
		return -1, m.s.wrap("release", syscall.EOPNOTSUPP)
	}
	fd, _, err := m.s.ReleaseFD()
	return fd, err
}
