package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/driver"
)

// TryRecv receives the next message if it is there, without waiting. Of a frame
// that has not come as far as buf has room nothing is taken: it stays for the next
// call, or for a Recv. Descriptors that come along are closed.
//
// Errors: as Recv, which it is EBUSY beside; EAGAIN if no message is there. Source:
// tsocket_readv.
func (m *Messages) TryRecv(buf []byte) (g Message, err error) {
	s := m.s
	_, err = s.check([][]byte{buf})
	switch {
	case err != nil:
	case s.occupied():
		err = syscall.EBUSY
	case s.gate != nil:
		err = syscall.EAGAIN // what is there may be the handshake's
	default:
		t := s.try()
		if g, err = m.tryReader().receive(t, buf); err == error(syscall.EAGAIN) {
			return g, t.read.notYet(s, "recv")
		}
	}
	return g, s.wrap("recv", err)
}

// SetReadableHandler has f called from the loop while a message may be there, or
// the end, or an error: once a turn until TryRecv has said EAGAIN. Then it is called
// when as many bytes of a frame are there as that call had room for. The rest is as
// for Stream.SetReadableHandler. Source: tsocket_set_readable_handler.
func (m *Messages) SetReadableHandler(f func()) { m.s.SetReadableHandler(f) }

// TrySend hands a message to the transport, without waiting, and returns its
// length; all of it or nothing. The bytes are the caller's again: what is left of
// a frame that the transport has taken a part of is copied, and sent when there is
// room. Until it is gone there is no room for another and Disconnect is EBUSY;
// SendShutdown comes behind it.
//
// Errors: as Send, which it is EBUSY beside; EAGAIN if there is no room. Source:
// tsocket_writev.
func (m *Messages) TrySend(bufs ...[]byte) (int, error) {
	s := m.s
	n, err := s.check(bufs)
	if err == nil {
		err = m.tooLong(n)
	}
	switch {
	case err != nil:
	case s.werr != nil:
		err = s.werr
	case s.out.busy() && !s.out.resting():
		err = syscall.EBUSY
	default:
		t := s.try()
		_, err = t.transmit(m.framing(t.message(m.fitting(bufs), n)))
		if err == error(syscall.EAGAIN) {
			return 0, t.write.notYet(s, "send")
		}
	}
	if err != nil {
		return 0, s.wrap("send", err)
	}
	return n, nil
}

// SetWriteableHandler has f called from the loop while there may be room for a
// message, or an error: once a turn until TrySend has said EAGAIN. The rest is as
// for Stream.SetWriteableHandler. Source: tsocket_set_writeable_handler.
func (m *Messages) SetWriteableHandler(f func()) { m.s.SetWriteableHandler(f) }

// tryReader is the reader of a TryRecv.
type tryReader interface {
	// receive is one attempt.
	receive(t *tries, buf []byte) (Message, error)
}

func (m *Messages) tryReader() tryReader {
	switch {
	case m.tried != nil:
	case m.framed:
		m.tried = &frameTry{frameIn: frameIn{m: m}}
	default:
		m.tried = &packetTry{packetIn: packetIn{s: m.s}}
	}
	return m.tried
}

// frameTry has its bytes in the inbox until all that there is room for are there.
type frameTry struct {
	frameIn
	g   Message
	err error
}

func (o *frameTry) receive(t *tries, buf []byte) (Message, error) {
	s := t.s
	o.set(buf, nil)
	if s.watched() && o.there() {
		s.restRead() // that one may wait for more
	}
	if t.waits(o) {
		s.reader, t.need = t.look, o.need()
		o.forget()
		return Message{}, syscall.EAGAIN
	}
	return o.g, o.err
}

func (o *frameTry) buffers() [][]byte {
	s := o.m.s
	s.read.bufs = append(s.read.bufs[:0], s.in.space(max(o.need(), s.overRead())))
	return s.read.bufs
}

func (o *frameTry) arrived(n int) { o.m.s.in.arrived(n) }

func (o *frameTry) feed() bool {
	o.m.discard()
	return o.there() && o.frameIn.feed()
}

// there reports whether the inbox has what the attempt needs.
func (o *frameTry) there() bool { return o.m.s.in.len() >= o.need() }

// need is how many bytes that are: more than there are as long as they do not
// suffice.
func (o *frameTry) need() int {
	m, in := o.m, &o.m.s.in
	if m.skip > 0 {
		return min(m.skip, driver.BufferSize)
	}
	if in.len() < frameHead {
		return frameHead
	}
	size := sizeOf(in.bytes())
	if m.refuses(size) != nil {
		return frameHead
	}
	return frameHead + min(int(size), len(o.buf))
}

func (o *frameTry) finish(err error) { o.g, o.err = o.outcome(err) }
func (o *frameTry) arm()             {}

// packetTry receives one message.
type packetTry struct {
	packetIn
	err error
}

func (o *packetTry) receive(t *tries, buf []byte) (Message, error) {
	o.set(buf, nil)
	if t.waits(o) {
		t.s.stopRead()
		o.err = syscall.EAGAIN
	}
	return o.outcome(), end(o.err, false)
}

func (o *packetTry) finish(err error) { o.err = err }
func (o *packetTry) arm()             {}

// watchPackets has the readable handler's watch leave the messages in the socket:
// a receive takes one of them.
func (t *tries) watchPackets() {
	f, w := t.s.ops.(*fdOps), &sockWatch{}
	w.init(&t.handlers, &t.read)
	t.read.watch = func() {
		if t.s.rerr != nil || f.sock.Readable(&w.IO) {
			t.tell(&t.read)
		}
	}
	t.read.rest = func() { f.sock.Cancel(&w.IO) }
}
