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

// replyBytes is how much a client may have coming to him before he is read again.
const replyBytes = 64 << 10

// frameConn answers frame by frame; the answers to what one receive brought lie
// in a buffer of its own and are sent together. Its loop is read → got → sent → read.
type frameConn struct {
	tevent.Op[tevent.None]
	s       *tsocket.Stream
	counts  *counts
	replies []byte
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
	have := c.s.Buffered() // this frame, and what came behind it
	c.replies = c.replies[:0]
	for err == nil && pdu != nil && len(c.replies) < replyBytes {
		c.replies = append(c.replies, pdu...)
		c.counts.messages++
		pdu, err = readv.Cut(have[len(c.replies):], frame)
	}
	c.s.Consume(len(c.replies))
	if !c.Fail(err) {
		tevent.Then(c.s.Send(c.replies), c, (*frameConn).sent)
	}
}

func (c *frameConn) sent(n int) {
	c.counts.bytes += int64(n)
	c.read()
}
