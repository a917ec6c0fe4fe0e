package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// shutReadOp is an end of the read direction under way.
type shutReadOp struct {
	tevent.Op[tevent.None]
	s *Stream
}

// ShutdownRead says that nothing more is read: what was received and not read is
// dropped, and reads and Monitor fail with EPIPE, which is not io.EOF. Writes go
// on. Not every transport can tell the peer; a unix socket's writes fail there.
// After ShutdownRead and ShutdownWrite, in whatever order, the stream is
// released, and operations fail with ENOTCONN.
//
// Errors: EBUSY while a read operation is pending, EPIPE after another
// ShutdownRead. Source: shutdown(2) with SHUT_RD.
func (s *Stream) ShutdownRead() tevent.Req[tevent.None] {
	err := s.usable()
	switch {
	case err != nil:
	case s.isReading() || s.gate != nil:
		err = syscall.EBUSY
	case s.isReadShut():
		err = syscall.EPIPE
	}
	if err != nil {
		return tevent.Failed[tevent.None](s.context(), "shutdown read", s.wrap("shutdown read", err))
	}
	o := &shutReadOp{s: s}
	o.Start(s.ev, "shutdown read")
	o.SetCancel(o.cancel)
	s.shutRead(o)
	return o.Req()
}

// shutRead ends the read direction for by.
func (s *Stream) shutRead(by asker) {
	if s.monitor != nil {
		s.ops.Monitor(nil)
		s.endMonitor(syscall.EPIPE)
	}
	if s.rerr == nil {
		s.rerr = syscall.EPIPE
	}
	s.restRead()
	s.in.drop()
	s.passed()
	s.startShut(ShutRead, by)
}

// isReadShut reports whether ShutdownRead was asked for.
func (s *Stream) isReadShut() bool {
	return s.shuts != nil && s.shuts[ShutRead].asked
}

func (o *shutReadOp) ended(err error) { o.Finish(tevent.None{}, o.s.wrap("shutdown read", err)) }

func (o *shutReadOp) cancel(cause error) bool {
	o.s.unask(o)
	o.ended(cause)
	return true
}
