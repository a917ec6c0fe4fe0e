package main

import (
	"errors"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// byteConn sends every byte back; its loop is read → got → wrote → read.
type byteConn struct {
	tevent.Op[tevent.None]
	s      *tsocket.Stream
	counts *counts
	n      int
}

func serveBytes(s *tsocket.Stream, counts *counts) tevent.Req[tevent.None] {
	c := &byteConn{s: s, counts: counts}
	c.Start(s.Context(), "echo")
	c.Own(s)
	c.read()
	return c.Req()
}

func (c *byteConn) read() { tevent.Handle(c.s.Peek(1), c, (*byteConn).got) }

func (c *byteConn) got(b []byte, err error) {
	if errors.Is(err, io.EOF) {
		c.Done(tevent.None{})
		return
	}
	if c.Fail(err) {
		return
	}
	c.n = len(b)
	tevent.Then(c.s.Writev(b), c, (*byteConn).wrote)
}

func (c *byteConn) wrote(int) {
	c.counts.messages++
	c.counts.bytes += int64(c.n)
	c.s.Consume(c.n)
	c.read()
}
