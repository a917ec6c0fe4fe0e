package main

import (
	"errors"
	"io"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// frame is a 4-byte big-endian length and as many bytes.
var frame readv.Framer = readv.Length{Width: 4, Max: 16 << 20}

// frameConn answers frame by frame; the answers to what one receive brought are
// sent together, from where they lie. Its loop is read → got → sent → read.
type frameConn struct {
	tevent.Op[tevent.None]
	s      *tsocket.Stream
	counts *counts
}

func serveFrames(s *tsocket.Stream, counts *counts) tevent.Req[tevent.None] {
	c := &frameConn{s: s, counts: counts}
	c.Start(s.Context(), "frames")
	c.Own(s)
	c.read()
	return c.Req()
}

func (c *frameConn) read() { tevent.Handle(readv.PeekPDU(c.s, frame), c, (*frameConn).got) }

func (c *frameConn) got(pdu []byte, err error) {
	if errors.Is(err, io.EOF) {
		c.Done(tevent.None{})
		return
	}
	have, n := c.s.Buffered(), 0 // this frame, and what came behind it
	for err == nil && pdu != nil {
		n += len(pdu)
		c.counts.messages++
		pdu, err = readv.Cut(have[n:], frame)
	}
	if !c.Fail(err) {
		tevent.Then(c.s.Send(have[:n]), c, (*frameConn).sent)
	}
}

func (c *frameConn) sent(n int) {
	c.s.Consume(n)
	c.counts.bytes += int64(n)
	c.read()
}
