package main

import (
	"fmt"
	"os"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// counts are what a server has done.
type counts struct {
	clients, broken int
	messages, bytes int64
}

func (c *counts) add(d counts) {
	c.clients += d.clients
	c.broken += d.broken
	c.messages += d.messages
	c.bytes += d.bytes
}

func (c counts) String() string {
	return fmt.Sprintf("%d clients, %d broken, %d messages, %d bytes", c.clients, c.broken, c.messages, c.bytes)
}

// service serves one client; the request ends with him.
type service func(s *tsocket.Stream, c *counts) tevent.Req[tevent.None]

var modes = map[string]service{"echo": serveBytes, "framed": serveFrames}

// server accepts clients until a signal drains it, and completes when the last
// client has gone.
type server struct {
	tevent.Op[tevent.None]
	ev     *tevent.Context
	l      *tsocket.Listener
	serve  service
	accept tevent.Req[*tsocket.Stream]
	live   int
	drain  bool
	counts counts
}

func newServer(ev *tevent.Context, l *tsocket.Listener, serve service) *server {
	s := &server{ev: ev, l: l, serve: serve}
	s.Start(ev, "server")
	s.Own(l)
	tevent.NextSignal(ev, syscall.SIGTERM, os.Interrupt).Then(s, s.stop)
	s.next()
	return s
}

func (s *server) next() {
	s.accept = s.l.Accept()
	tevent.Handle(s.accept, s, (*server).accepted)
}

func (s *server) accepted(c *tsocket.Stream, err error) {
	if err != nil {
		s.settle(err)
		return
	}
	s.live++
	s.counts.clients++
	tevent.Handle(s.serve(c, &s.counts), s, (*server).ended)
	if !s.drain { // this one was accepted before stop could cancel
		s.next()
	}
}

func (s *server) ended(_ tevent.None, err error) {
	if err != nil {
		s.counts.broken++
	}
	s.live--
	s.settle(nil)
}

func (s *server) stop(os.Signal) {
	s.drain = true
	s.accept.Cancel()
	s.settle(nil)
}

// settle ends the server on a lost listener, or when it drains and nobody is
// left.
func (s *server) settle(err error) {
	if err != nil && !s.drain {
		s.Fail(err)
		return
	}
	if s.drain && s.live == 0 && s.InProgress() {
		s.Done(tevent.None{})
	}
}
