package main

import (
	"errors"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// server accepts until it is dropped. It owns the listener.
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
	tevent.Handle(echo(c), s, nil) // a broken client is his own affair
	s.accept()
}

// echoConn sends back what it receives; its loop is read → got → wrote → read.
type echoConn struct {
	tevent.Op[tevent.None]
	s *tsocket.Stream
	n int
}

func echo(s *tsocket.Stream) tevent.Req[tevent.None] {
	c := &echoConn{s: s}
	c.Start(s.Context(), "echo")
	c.Own(s)
	c.read()
	return c.Req()
}

func (c *echoConn) read() { tevent.Handle(c.s.Peek(1), c, (*echoConn).got) }

func (c *echoConn) got(b []byte, err error) {
	if errors.Is(err, io.EOF) {
		c.Done(tevent.None{})
		return
	}
	if c.Fail(err) {
		return
	}
	c.n = len(b)
	tevent.Then(c.s.Writev(b), c, (*echoConn).wrote)
}

func (c *echoConn) wrote(int) {
	c.s.Consume(c.n)
	c.read()
}
