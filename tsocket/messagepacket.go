package tsocket

import (
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// packetIn is a message that the system keeps apart from others.
type packetIn struct {
	s    *Stream
	buf  []byte
	fds  []int
	got  Message
	done bool
}

func (o *packetIn) packet() *packetIn { return o }

func (o *packetIn) set(buf []byte, fds []int) {
	o.buf, o.fds, o.got, o.done = buf, fds, Message{}, false
}

// packetOp receives one.
type packetOp struct {
	tevent.Op[Message]
	packetIn
	verb string
	stop func(error) bool
	drop func(Message)
}

func (m *Messages) recvPacket(verb string, buf []byte, fds []int) tevent.Req[Message] {
	if m.packet == nil || m.packet.State() != tevent.StateFree {
		o := &packetOp{packetIn: packetIn{s: m.s}}
		o.stop, o.drop = o.cancel, m.closeRights
		m.packet = o
	}
	o := m.packet
	o.verb = verb
	o.set(buf, fds)
	o.Start(m.s.ev, verb)
	if len(fds) > 0 {
		o.SetRelease(o.drop)
	}
	m.s.beginRead(o)
	return o.Req()
}

func (o *packetOp) arm() { o.SetCancel(o.stop) }

func (o *packetIn) buffers() [][]byte {
	o.s.read.bufs = append(o.s.read.bufs[:0], o.buf)
	return o.s.read.bufs
}

// room is where the descriptors go.
func (o *packetIn) room() []int { return o.fds[:0:len(o.fds)] }

// brought is the message.
func (o *packetIn) brought(k *sys.Packet) {
	o.got = Message{N: k.N, Truncated: k.Cut&sys.CutBytes != 0, Surplus: k.Cut&sys.CutRights != 0}
	if len(k.Rights) > 0 {
		o.got.FDs = k.Rights
	}
}

func (o *packetIn) arrived(int) { o.done = true }

func (o *packetIn) feed() bool { return o.done }

// outcome is the message; nothing of it or of the caller's memory is kept.
func (o *packetIn) outcome() Message {
	g := o.got
	o.set(nil, nil)
	return g
}

func (o *packetOp) finish(err error) {
	o.Finish(o.outcome(), o.s.wrap(o.verb, end(err, false)))
}

func (o *packetOp) cancel(cause error) bool {
	o.s.unread(o)
	o.finish(cause)
	return true
}
