package main

import (
	"strings"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// server answers until it is dropped.
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

func (s *server) accept() { tevent.Then(s.l.Accept(), s, (*server).accepted) }

func (s *server) accepted(c *tsocket.Stream) {
	tevent.Handle(answer(c), s, nil)
	s.accept()
}

// answering is one client. What it never heard of it never answers: it waits
// for the client to go.
type answering struct {
	tevent.Op[tevent.None]
	s *tsocket.Stream
}

func answer(s *tsocket.Stream) tevent.Req[tevent.None] {
	a := &answering{s: s}
	a.Start(s.Context(), "answer")
	a.Own(s)
	a.read()
	return a.Req()
}

func (a *answering) read() { readv.PDU(a.s, frame, nil).Then(a, a.asked) }

func (a *answering) asked(pdu []byte) {
	if string(pdu[1:]) == "unheard" {
		a.read()
		return
	}
	copy(pdu[1:], strings.ToUpper(string(pdu[1:])))
	a.s.Writev(pdu).Then(a, a.sent)
}

func (a *answering) sent(int) { a.read() }
