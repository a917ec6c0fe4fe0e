package main

import (
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// greet connects, says hello, and completes with the reply.
type greet struct {
	tevent.Op[string]
	s *tsocket.Stream
}

func Greet(ev *tevent.Context, addr tsocket.Address) tevent.Req[string] {
	g := &greet{}
	g.Start(ev, "greet")
	tsocket.Connect(ev, addr).Then(g, g.connected)
	return g.Req()
}

func (g *greet) connected(s *tsocket.Stream) {
	g.s = s
	g.Own(s) // closed when the request finishes, however it does
	s.Send(hello).Then(g, g.sent)
}

func (g *greet) sent(int) { readv.PDU(g.s, frame, nil).Then(g, g.replied) }

func (g *greet) replied(pdu []byte) { g.Done(string(pdu[1:])) }
