package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// monitorOp waits for the peer to go away.
type monitorOp struct {
	tevent.Op[tevent.None]
}

// Monitor completes, always with an error, when the peer goes away although
// nobody reads: io.EOF (also EPIPE) after its orderly end, the error of the
// connection otherwise; net.ErrClosed or ECONNABORTED when the stream is closed
// on this side, EPIPE after ShutdownRead. Bytes that came before stay readable.
// EALREADY beside another Monitor. Source: tstream_monitor_send.
func (s *Stream) Monitor() tevent.Req[tevent.None] {
	err := s.usable()
	switch {
	case err != nil:
	case s.monitor != nil:
		err = syscall.EALREADY
	case s.isReadShut():
		err = syscall.EPIPE
	default:
		err = s.isLost()
	}
	if err != nil {
		return tevent.Failed[tevent.None](s.context(), "monitor", s.wrap("monitor", err))
	}
	o := &monitorOp{}
	o.Start(s.ev, "monitor")
	o.SetCancel(func(cause error) bool {
		s.ops.Monitor(nil)
		s.endMonitor(cause)
		return true
	})
	s.monitor = o
	s.ops.Monitor(s.endMonitor)
	return o.Req()
}

func (s *Stream) endMonitor(err error) {
	if o := s.monitor; o != nil {
		s.monitor = nil
		o.Fail(s.wrap("monitor", end(err, false)))
	}
}
