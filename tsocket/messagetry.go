package tsocket

import "syscall"

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
