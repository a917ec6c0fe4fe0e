package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// grace is how long a draining server waits for its clients.
const grace = 500 * time.Millisecond

// counts are what a server has done.
type counts struct {
	accepted, left, broken, cut int
}

func (c counts) String() string {
	return fmt.Sprintf("%d accepted: %d left, %d broke, %d cut off", c.accepted, c.left, c.broken, c.cut)
}

// server serves until SIGTERM. Then it accepts nobody any more, lets those who
// are there finish, and is done when the last has gone or the grace is over.
type server struct {
	tevent.Op[counts]
	ev       *tevent.Context
	l        *tsocket.Listener
	live     int
	draining bool
	counts   counts
}

func serve(ev *tevent.Context, l *tsocket.Listener) tevent.Req[counts] {
	s := &server{ev: ev, l: l}
	s.Start(ev, "server")
	s.Own(l)
	tevent.NextSignal(ev, syscall.SIGTERM, os.Interrupt).Then(s, s.stop)
	s.accept()
	return s.Req()
}

func (s *server) accept() { tevent.Handle(s.l.Accept(), s, (*server).accepted) }

func (s *server) accepted(c *tsocket.Stream, err error) {
	if err != nil {
		s.lost(err)
		return
	}
	s.live++
	s.counts.accepted++
	tevent.Handle(echo(c), s, (*server).ended)
	s.accept()
}

// lost is the end of the listener: its own doing when it drains.
func (s *server) lost(err error) {
	if !s.draining {
		s.Fail(err)
	}
}

func (s *server) ended(_ tevent.None, err error) {
	s.live--
	if err == nil {
		s.counts.left++
	} else {
		s.counts.broken++
	}
	s.settle()
}

// stop begins the drain. Nothing waits for a second signal: it ends the process.
func (s *server) stop(os.Signal) {
	s.draining = true
	s.l.Close() // completes the Accept
	tevent.Sleep(s.ev, grace).Then(s, s.overdue)
	s.settle()
}

func (s *server) settle() {
	if s.draining && s.live == 0 {
		s.Done(s.counts)
	}
}

// overdue ends the server, and with it the clients that are still there.
func (s *server) overdue(tevent.None) {
	s.counts.cut = s.live
	s.Done(s.counts)
}

// echoConn sends back what it receives.
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
