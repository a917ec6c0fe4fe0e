package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// Gate holds the read direction of a stream for a handshake: what the handshake
// does not consume stays for the stream's user, whose read operations may begin
// already and wait until the gate is opened. Writes are not held.
type Gate struct {
	s *Stream
}

// Gate takes the read direction. EBUSY while a read operation is pending or
// another gate is there.
func (s *Stream) Gate() (*Gate, error) {
	err := s.usable()
	if err == nil && (s.isReading() || s.gate != nil) {
		err = syscall.EBUSY
	}
	if err != nil {
		return nil, s.wrap("gate", err)
	}
	s.restRead()
	s.gate = &Gate{s}
	return s.gate, nil
}

// Peek is Stream.Peek for the holder of the gate. After Open it is net.ErrClosed.
func (g *Gate) Peek(min int) tevent.Req[[]byte] { return g.s.startPeek(min, g) }

// Consume is Stream.Consume for the holder of the gate.
func (g *Gate) Consume(n int) { g.s.Consume(n) }

// Send is Stream.Send for the holder of the gate: what it queued does not keep
// the user's first Writev out, which goes out behind it.
func (g *Gate) Send(bufs ...[]byte) tevent.Req[int] { return g.s.send(outHandshake, bufs) }

// Open gives the read direction to the stream's user. A pending Peek of the
// holder has to be ended first.
func (g *Gate) Open() {
	s := g.s
	if s.gate != g {
		return
	}
	s.gate = nil
	r := s.parked
	s.parked = nil
	if r != nil {
		s.startRead(r)
	}
	s.tries.freed()
}

// Fail opens the gate and has the stream's user find err: his operations fail
// with it, in both directions, and his Close resets the connection. A pending
// Peek of the holder fails as well.
func (g *Gate) Fail(err error) {
	s := g.s
	if s.gate != g || s.state != connected {
		return
	}
	s.breakOnClose()
	s.stopWrite()
	s.werr = err
	s.failWrites(err)
	s.rerr = err
	s.flags |= ERR
	if r := s.reader; r != nil { // the holder's
		s.stopRead()
		r.finish(err)
	}
	s.in.drop()
	g.Open()
}
