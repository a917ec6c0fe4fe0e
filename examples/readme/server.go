package main

import (
	"net/netip"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var (
	// frame is one byte of length and as many bytes of text.
	frame readv.Framer = readv.Length{Width: 1}

	// loopback is a port that the system chooses.
	loopback = tsocket.Inet(netip.MustParseAddrPort("127.0.0.1:0"))

	hello   = []byte("\x05hello")
	welcome = []byte("\x07welcome")
)

// server welcomes clients until it is dropped.
type server struct {
	tevent.Op[tevent.None]
	l *tsocket.Listener
}

func serve(ev *tevent.Context, l *tsocket.Listener) tevent.Req[tevent.None] {
	s := &server{l: l}
	s.Start(ev, "server")
	s.Own(l)
	s.accept()
	return s.Req()
}

func (s *server) accept() { s.l.Accept().Then(s, s.accepted) }

func (s *server) accepted(c *tsocket.Stream) {
	meet(c).Handle(s, nil)
	s.accept()
}

// meeting is one client: its hello, and the welcome.
type meeting struct {
	tevent.Op[tevent.None]
	s *tsocket.Stream
}

func meet(s *tsocket.Stream) tevent.Req[tevent.None] {
	m := &meeting{s: s}
	m.Start(s.Context(), "meeting")
	m.Own(s)
	readv.PDU(s, frame, nil).Then(m, m.greeted)
	return m.Req()
}

func (m *meeting) greeted([]byte) { m.s.Send(welcome).Then(m, m.welcomed) }

func (m *meeting) welcomed(int) { m.Done(tevent.None{}) }
