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

// frameConn answers frame by frame. The replies to what one receive brought lie
// in a buffer of the connection's and go out together; when the last is sent,
// so are the others. Its loop is read → got → sent → read.
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

func (c *frameConn) read() {
	c.replies = c.replies[:0]
	tevent.Handle(readv.PeekPDU(c.s, frame), c, (*frameConn).got)
}

func (c *frameConn) got(pdu []byte, err error) {
	if errors.Is(err, io.EOF) {
		c.Done(tevent.None{})
		return
	}
	var last tevent.Req[int]
	for err == nil && pdu != nil {
		last.Ignore() // a later one speaks for it
		last = c.reply(pdu)
		c.s.Consume(len(pdu))
		if len(c.replies) >= replyBytes {
			break
		}
		pdu, err = readv.Buffered(c.s, frame)
	}
	if !c.Fail(err) {
		tevent.Then(last, c, (*frameConn).sent)
	}
}

// reply queues a copy of the PDU: where it lies, the next one will.
func (c *frameConn) reply(pdu []byte) tevent.Req[int] {
	at := len(c.replies)
	c.replies = append(c.replies, pdu...)
	c.counts.messages++
	c.counts.bytes += int64(len(pdu))
	return c.s.Send(c.replies[at:])
}

func (c *frameConn) sent(int) { c.read() }
