package main

import (
	"errors"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// patience is how many messages a connection confirms before it breaks off.
const patience = 2

// lateServer opens its listener after a while. It serves until it is dropped.
type lateServer struct {
	tevent.Op[tevent.None]
	ev   *tevent.Context
	addr tsocket.Address
	l    *tsocket.Listener
}

func startLate(ev *tevent.Context, addr tsocket.Address) tevent.Req[tevent.None] {
	s := &lateServer{ev: ev, addr: addr}
	s.Start(ev, "late server")
	tevent.Sleep(ev, 20*time.Millisecond).Then(s, s.slept)
	return s.Req()
}

func (s *lateServer) slept(tevent.None) {
	l, err := tsocket.Listen(s.ev, s.addr)
	if s.Fail(err) {
		return
	}
	s.l = l
	s.Own(l)
	s.accept()
}

func (s *lateServer) accept() { tevent.Then(s.l.Accept(), s, (*lateServer).accepted) }

func (s *lateServer) accepted(c *tsocket.Stream) {
	tevent.Handle(confirm(c), s, nil)
	s.accept()
}

// confirming sends numbers back until its patience ends.
type confirming struct {
	tevent.Op[tevent.None]
	s   *tsocket.Stream
	n   int
	buf [4]byte
}

func confirm(s *tsocket.Stream) tevent.Req[tevent.None] {
	c := &confirming{s: s}
	c.Start(s.Context(), "confirm")
	c.Own(s)
	c.read()
	return c.Req()
}

func (c *confirming) read() { tevent.Then(c.s.Readv(c.buf[:]), c, (*confirming).got) }

func (c *confirming) got(int) {
	if c.n == patience {
		c.Fail(errImpatient)
		return
	}
	c.n++
	tevent.Then(c.s.Writev(c.buf[:]), c, (*confirming).sent)
}

func (c *confirming) sent(int) { c.read() }

var errImpatient = errors.New("retry: the server breaks off")
