package tsocket

import (
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// Close releases the stream with force: pending operations complete with
// net.ErrClosed, and so does what is called afterwards. A second Close does
// nothing.
func (s *Stream) Close() error {
	if s.state == closed {
		return nil
	}
	s.state = closed
	if s.ev != nil {
		s.abort(net.ErrClosed)
	}
	return s.release()
}

// Abort is Close that drops what is not yet on its way and, where the transport
// can, resets the connection, so that the peer cannot take a cut stream for a
// complete one.
func (s *Stream) Abort() error {
	if !s.released {
		s.breakOnClose()
	}
	return s.Close()
}

// breakOnClose makes Close reset the connection, where the transport can.
func (s *Stream) breakOnClose() {
	if a, ok := s.ops.(Aborter); ok {
		a.Abort()
	}
}

// release gives the transport back, once.
func (s *Stream) release() error {
	if s.released {
		return nil
	}
	s.released = true
	s.unload()
	err := s.ops.Close()
	s.held.Release()
	for _, f := range s.onClose {
		f()
	}
	s.onClose = nil
	return s.wrap("close", err)
}

// OnClose has f called when the stream is closed or disconnected, after its
// operations were completed.
func (s *Stream) OnClose(f func()) { s.onClose = append(s.onClose, f) }

// abort completes every pending operation with err and forgets what was
// buffered.
func (s *Stream) abort(err error) {
	s.tries.end()
	s.endReaders(err)
	s.stopWrite()
	s.failWrites(err)
	s.out.flush.Cancel()
	s.out.publish()
	s.out.delist()
	s.endDrained(err)
	s.endMonitor(err)
	s.endAskers(err)
	s.in.drop()
	s.in.shrink.Cancel()
}

// endReaders completes what is pending in the read direction.
func (s *Stream) endReaders(err error) {
	for _, r := range [...]reader{s.reader, s.parked} {
		if r != nil {
			s.unread(r)
			r.finish(err)
		}
	}
}

// busy reports whether an operation is pending in any direction.
func (s *Stream) busy() bool {
	return s.isReading() || s.gate != nil || s.out.head != nil || s.out.queued.any() || s.isAsked()
}

// disconnectOp is an orderly release under way.
type disconnectOp struct {
	tevent.Op[tevent.None]
	s *Stream
}

// Disconnect releases an idle stream in order. While its request has not been
// received, operations fail with ECONNABORTED, afterwards with ENOTCONN. The
// layers of a stream may have to say something first, which may wait; a cancel or
// a deadline ends the request then and not the release, which Close bounds.
//
// Errors: EBUSY while an operation is pending, EALREADY while another
// Disconnect is, ENOTCONN after it. Source: tstream_disconnect_send.
func (s *Stream) Disconnect() tevent.Req[tevent.None] {
	err := s.usable()
	switch {
	case s.state == disconnecting:
		err = syscall.EALREADY
	case err == nil && s.busy():
		err = syscall.EBUSY
	}
	if err != nil {
		return tevent.Failed[tevent.None](s.context(), "disconnect", s.wrap("disconnect", err))
	}
	s.state = disconnecting
	o := &disconnectOp{s: s}
	o.Start(s.ev, "disconnect")
	o.SetCancel(o.cancel)
	o.SetCleanup(o.cleanup)
	s.abort(syscall.ECONNABORTED)
	s.startShut(ShutClose, o)
	return o.Req()
}

func (o *disconnectOp) ended(err error) { o.Finish(tevent.None{}, o.s.wrap("disconnect", err)) }

func (o *disconnectOp) cancel(cause error) bool {
	o.s.unask(o)
	o.ended(cause)
	return true
}

func (o *disconnectOp) cleanup(st tevent.State) {
	if st == tevent.StateEnded && o.s.state == disconnecting {
		o.s.state = disconnected
	}
}
