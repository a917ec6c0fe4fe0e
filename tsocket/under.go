package tsocket

import (
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// A stream under a layer, and one on top of layers: what their connection does
// to them.

// end is a step of the end that the connection above asks of the stream.
func (s *Stream) end(step ShutStep, by asker) {
	if err := s.usable(); err != nil {
		by.ended(err)
		return
	}
	switch step {
	case ShutRead:
		s.endReaders(syscall.EPIPE)
		s.shutRead(by)
	case ShutWrite:
		s.endWrites(by)
	case ShutClose:
		s.state = disconnecting
		s.abort(net.ErrClosed)
		s.startShut(ShutClose, by)
	}
}

// endWrites ends the direction to the peer behind what the layer above has
// queued.
func (s *Stream) endWrites(by asker) {
	if s.out.head == nil {
		if s.werr == nil {
			s.werr = syscall.EPIPE
		}
		s.startShut(ShutWrite, by)
		return
	}
	s.SendShutdown().SetCallback(func(r tevent.Req[int]) {
		_, err := r.Result()
		by.ended(err)
	})
}

// broken says that the connection has failed. Its reads go on up to the end of
// what came before.
func (s *Stream) broken(err error) {
	s.flags |= ERR
	if s.werr == nil {
		s.werr = err
	}
	s.stopWrite()
	s.failWrites(s.werr)
	s.out.publish()
	s.checkDrained()
}

// lost says that the connection is closed, after it has failed.
func (s *Stream) lost(err error) { s.endMonitor(err) }

// isLost is why the connection of a stream with layers is closed, nil if it is
// not.
func (s *Stream) isLost() error {
	if s.conn == nil || !s.conn.isClosed() {
		return nil
	}
	return s.conn.err
}
