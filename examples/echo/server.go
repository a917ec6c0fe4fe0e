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

// streamServer accepts clients until a signal drains it, and completes when the
// last client has gone.
type streamServer struct {
	tevent.Op[tevent.None]
	ev     *tevent.Context
	l      *tsocket.Listener
	serve  service
	accept tevent.Req[*tsocket.Stream]
	live   int
	drain  bool
	counts counts
}

// listen opens servers of streams.
func listen(serve service) func(*tevent.Context, tsocket.Address, bool) (server, error) {
	return func(ev *tevent.Context, addr tsocket.Address, shared bool) (server, error) {
		l, err := tsocket.ListenConfig{ReusePort: shared}.Listen(ev, addr)
		if err != nil {
			return nil, err
		}
		return newServer(ev, l, serve), nil
	}
}

func newServer(ev *tevent.Context, l *tsocket.Listener, serve service) *streamServer {
	s := &streamServer{ev: ev, l: l, serve: serve}
	s.Start(ev, "server")
	s.Own(l)
	tevent.NextSignal(ev, syscall.SIGTERM, os.Interrupt).Then(s, s.stop)
	s.next()
	return s
}

func (s *streamServer) next() {
	s.accept = s.l.Accept()
	tevent.Handle(s.accept, s, (*streamServer).accepted)
}

func (s *streamServer) accepted(c *tsocket.Stream, err error) {
	if err != nil {
		s.settle(err)
		return
	}
	s.live++
	s.counts.clients++
	tevent.Handle(s.serve(c, &s.counts), s, (*streamServer).ended)
	if !s.drain { // this one was accepted before stop could cancel
		s.next()
	}
}

func (s *streamServer) ended(_ tevent.None, err error) {
	if err != nil {
		s.counts.broken++
	}
	s.live--
	s.settle(nil)
}

func (s *streamServer) stop(os.Signal) {
	s.drain = true
	s.accept.Cancel()
	s.settle(nil)
}

// settle ends the server on a lost listener, or when it drains and nobody is
// left.
func (s *streamServer) settle(err error) {
	if err != nil && !s.drain {
		s.Fail(err)
		return
	}
	if s.drain && s.live == 0 && s.InProgress() {
		s.Done(tevent.None{})
	}
}

func (s *streamServer) context() *tevent.Context { return s.ev }
func (s *streamServer) addr() tsocket.Address    { return s.l.Addr() }
func (s *streamServer) done() counts             { return s.counts }
