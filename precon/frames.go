package precon

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
)

// Frames are read through the bootstrap's gate, so that what follows the last
// one stays for the path's user.

// read waits for the rest of the next frame.
func (s *session) read() { tevent.Handle(s.gate.Peek(s.want), s, (*session).got) }

func (s *session) got(b []byte, err error) {
	switch {
	case err != nil:
		s.ended(err)
	case s.gate == nil: // given away or closed since
	case s.alien != nil || s.m.State() == machine.Ending:
		s.gate.Consume(len(b)) // nobody listens any more
		s.want = 1
		s.read()
	case s.want == 1:
		s.sniff(b)
	default:
		s.parse(b)
	}
}

// sniff looks at a connection's first byte. TLS is not for this endpoint, which
// the alert handshake_failure tells; a stranger is told nothing.
func (s *session) sniff(b []byte) {
	s.want = wire.HeaderLen
	switch wire.Sniff(b[0]) {
	case wire.TLS:
		s.alert()
	case wire.Stranger:
		s.event(machine.Malformed{Err: fmt.Errorf("begins with %q", b[:min(len(b), 8)])})
	}
	s.next()
}

// alert refuses TLS. As behind a FAIL, the peer gets a second to read it.
func (s *session) alert() {
	s.alien = errTLS
	s.boot.Send([]byte{21, 3, 1, 0, 2, 2, 40}).Ignore()
	s.boot.SendShutdown().Ignore()
	s.timer.Init(s.ev, func() { s.event(machine.Malformed{Err: s.alien}) })
	s.timer.Reset(time.Second)
}

var errTLS = errors.New("begins with TLS")

// parse takes a frame when all of it is there.
func (s *session) parse(b []byte) {
	h, err := wire.ParseHeader([wire.HeaderLen]byte(b), s.m.Limit())
	if err != nil {
		s.event(machine.Malformed{Err: err})
		s.next()
		return
	}
	s.want = wire.HeaderLen + int(h.Len)
	if len(b) < s.want {
		s.read()
		return
	}
	n := s.want
	s.want = wire.HeaderLen
	s.input(func() []machine.Action {
		actions := s.m.Frame(h.Type, b[wire.HeaderLen:n])
		s.gate.Consume(n) // before the actions: they may give the rest away
		return actions
	})
	s.next()
}

// next reads on, unless the bootstrap is not ours any more.
func (s *session) next() {
	if s.InProgress() && s.gate != nil {
		s.read()
	}
}

// ended is the end of the bootstrap's bytes.
func (s *session) ended(err error) {
	switch {
	case s.handed:
		s.close(false)
		s.finish()
	case s.alien != nil:
		s.event(machine.Malformed{Err: s.alien})
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		s.event(machine.FIN{})
	case errors.Is(err, net.ErrClosed) && s.conn != nil:
		s.finish() // by the path's user, before the peer had committed
	default:
		s.event(machine.ReadError{Err: err})
	}
}
