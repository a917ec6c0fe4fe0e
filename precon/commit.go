package precon

import (
	"time"
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
