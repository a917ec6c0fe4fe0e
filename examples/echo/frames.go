package main

import (
	"errors"
	"io"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// frame is a 4-byte big-endian length and as many bytes.
var frame = readv.Length{Width: 4, Max: 16 << 20}

// replyBytes is how much a client may have coming to him before he is read again.
const replyBytes = 64 << 10

// frameConn answers frame by frame. A reply lies in a buffer of the
// connection's until it is sent, so that reading goes on meanwhile and what one
// turn answers goes out together.
type frameConn struct {
	tevent.Op[tevent.None]
	s       *tsocket.Stream
	counts  *counts
	replies []byte
	sending int // replies on their way
	full    bool
	ended   bool
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
		c.ended = true
		c.settle()
		return
	}
	if c.Fail(err) {
		return
	}
	c.reply(pdu)
	c.s.Consume(len(pdu))
	if c.full = len(c.replies) >= replyBytes; !c.full {
		c.read()
	}
}

func (c *frameConn) reply(pdu []byte) {
	at := len(c.replies)
	c.replies = append(c.replies, pdu...)
	c.sending++
	tevent.Then(c.s.Send(c.replies[at:]), c, (*frameConn).sent)
}

func (c *frameConn) sent(n int) {
	c.counts.messages++
	c.counts.bytes += int64(n)
	c.sending--
	c.settle()
}

// settle, when nothing is on its way, takes the buffer back and goes on or ends.
func (c *frameConn) settle() {
	if c.sending > 0 {
		return
	}
	c.replies = c.replies[:0]
	switch {
	case c.ended:
		c.Done(tevent.None{})
	case c.full:
		c.full = false
		c.read()
	}
}
