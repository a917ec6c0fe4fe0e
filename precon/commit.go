package precon

import (
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
)

// open is the commit: the path may be written, its reads wait for the peer's.
func (s *session) open() {
	h := s.half
	s.half = nil
	h.channel.end()
	c := &Conn{plan: s.plan(h.arch.Name())}
	if h.path.Open != nil {
		c.stream = h.path.Open(s.boot)
	} else {
		c.stream, s.path = h.path.Stream, h.gate
	}
	s.conn = c
	s.client.opened(c)
}

// handover is the peer's commit: reading the path begins.
func (s *session) handover() {
	s.deadline.Stop()
	if s.path == nil {
		g := s.gate
		s.gate = nil
		g.Open()
		s.finish()
		return
	}
	s.handed = true
	s.path.Open()
	s.boot.SendShutdown().Ignore()
	s.deadline.Init(s.ev, func() { s.close(false); s.finish() }) // for the peer's FIN
	s.deadline.Reset(time.Second)
}

// close closes the bootstrap, unless it is the path already: then its user
// finds the fault that is reported next, and his Close resets it.
func (s *session) close(reset bool) {
	if s.conn != nil && s.path == nil {
		return
	}
	s.gate = nil
	if reset {
		s.boot.Abort()
	} else {
		s.boot.Close()
	}
}

// inform tells the client of a fault as soon as nothing of our half is left, or
// the time is over: that the peer reads the reason takes longer.
func (s *session) inform() {
	f := s.m.Fault()
	if f != nil && (s.late || s.half == nil && f.Kind == machine.Ours) {
		s.tell(f)
	}
}

// tell is the client's outcome, unless he has a connection.
func (s *session) tell(f *machine.Fault) {
	if !s.told && s.conn == nil {
		s.told = true
		s.client.failed(s, f)
	}
}

// report is the end of a negotiation that failed.
func (s *session) report(f *machine.Fault) {
	err := s.fault(f)
	switch {
	case s.conn == nil:
		s.tell(f)
	case s.path != nil:
		s.path.Fail(err)
	default:
		s.gate.Fail(err)
	}
	s.finish()
}

func (s *session) fault(f *machine.Fault) *Error {
	return &Error{
		Remote: s.boot.RemoteAddr(), Reason: f.Reason, Text: f.Text,
		ByPeer: f.Kind == machine.Theirs, Plan: s.plan(""), fault: f,
	}
}
