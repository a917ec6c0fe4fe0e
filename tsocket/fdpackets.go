package tsocket

import (
	"io"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/internal/sys"
)

// fdPackets is what a socket has besides whose system calls are about messages
// or descriptors, and not about bytes alone.
type fdPackets struct {
	in, out [1]sys.Packet
	room    []int     // for the descriptors of one receive
	fault   sys.Errno // a reset that was told before the bytes in front of it, or to a send
}

// extend has f move packets where it must.
func (f *fdOps) extend() {
	if f.packets == nil {
		f.packets = &fdPackets{}
		f.wio.Alone = true
	}
}

// receivesPackets reports whether bytes are not all that a receive brings.
func (f *fdOps) receivesPackets() bool { return f.out.whole || f.carriage != nil }

// receive lends the reader's buffers to a receive, and room for descriptors.
func (p *fdPackets) receive(io *driver.IO, r *Read) {
	p.in[0] = sys.Packet{Msg: sys.Msg{Bufs: r.Buffers()}, Rights: r.s.roomForRights(p)}
	io.Packets = p.in[:]
}

// receivedPacket is the end of a receive. A reset is told behind the last
// message, although the system tells it first.
func (f *fdOps) receivedPacket(op *driver.IO) {
	p, k := f.packets, f.packets.in[0]
	p.in[0], op.Packets = sys.Packet{}, nil
	switch {
	case op.Errno == syscall.ECONNRESET && f.out.whole && p.fault == 0:
		p.fault = op.Errno
		f.StartRead(f.r)
	case op.Errno != 0:
		f.r.Finish(0, op.Errno)
	case k.N > 0:
		f.brought(&k)
		f.r.Finish(k.N, nil)
	case p.fault != 0:
		f.r.Finish(0, p.fault)
	case f.sock.Fault() != 0:
		f.r.Finish(0, f.sock.Fault())
	default:
		f.r.Finish(0, io.EOF)
	}
}

// send lends the first message to a send, with the descriptors that travel with
// it.
func (p *fdPackets) send(io *driver.IO, w *Write) {
	p.out[0] = sys.Packet{Msg: sys.Msg{Bufs: w.Buffers()}, Rights: w.s.out.head.rights}
	io.Packets = p.out[:]
}

// sent is how many bytes of it were sent.
func (p *fdPackets) sent(op *driver.IO) int {
	n := p.out[0].N
	p.out[0], op.Packets = sys.Packet{}, nil
	if op.Errno == syscall.ECONNRESET {
		p.fault = op.Errno
	}
	return n
}

// refuses reports whether errno is about one message, and the next may follow.
func refuses(errno sys.Errno) bool {
	return errno == syscall.EMSGSIZE || errno == syscall.ETOOMANYREFS
}

// packetReader is a reader of whole messages.
type packetReader interface {
	reader
	packet() *packetIn
}

// roomForRights is where the descriptors go that come with the next bytes.
func (s *Stream) roomForRights(p *fdPackets) []int {
	if o, ok := s.reader.(packetReader); ok {
		return o.packet().room()
	}
	if p.room == nil {
		p.room = make([]int, 0, MaxRights)
	}
	return p.room
}

// brought notes what a receive has beside its bytes.
func (s *Stream) brought(k *sys.Packet) {
	if o, ok := s.reader.(packetReader); ok {
		o.packet().brought(k)
	} else {
		s.carriage.brought(k.N, k.Rights, k.Cut&sys.CutRights != 0)
	}
}
