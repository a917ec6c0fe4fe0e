package tsocket

import (
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// packetOp receives a message that the system keeps apart from others.
type packetOp struct {
	tevent.Op[Message]
	m    *Messages
	verb string
	buf  []byte
	fds  []int
	got  Message
	done bool
	stop func(error) bool
	drop func(Message)
}

func (m *Messages) recvPacket(verb string, buf []byte, fds []int) tevent.Req[Message] {
	if m.packet == nil || m.packet.State() != tevent.StateFree {
		o := &packetOp{m: m}
		o.stop, o.drop = o.cancel, m.closeRights
		m.packet = o
	}
	o := m.packet
	o.verb, o.buf, o.fds, o.got, o.done = verb, buf, fds, Message{}, false
	o.Start(m.s.ev, verb)
	if len(fds) > 0 {
		o.SetRelease(o.drop)
	}
	m.s.beginRead(o)
	return o.Req()
}

func (o *packetOp) arm() { o.SetCancel(o.stop) }

func (o *packetOp) buffers() [][]byte {
	s := o.m.s
	s.read.bufs = append(s.read.bufs[:0], o.buf)
	return s.read.bufs
}

// room is where the descriptors go.
func (o *packetOp) room() []int { return o.fds[:0:len(o.fds)] }

// brought is the message.
func (o *packetOp) brought(k *sys.Packet) {
	o.got = Message{N: k.N, Truncated: k.Cut&sys.CutBytes != 0, Surplus: k.Cut&sys.CutRights != 0}
	if len(k.Rights) > 0 {
		o.got.FDs = k.Rights
	}
}

func (o *packetOp) arrived(int) { o.done = true }

func (o *packetOp) feed() bool { return o.done }

func (o *packetOp) finish(err error) {
	g := o.got
	o.buf, o.fds, o.got = nil, nil, Message{}
	o.Finish(g, o.m.s.wrap(o.verb, end(err, false)))
}

func (o *packetOp) cancel(cause error) bool {
	o.m.s.unread(o)
	o.finish(cause)
	return true
}
