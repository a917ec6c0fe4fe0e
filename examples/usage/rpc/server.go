package main

import (
	"errors"
	"io"
	"time"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// session answers the calls of one client, each as soon as it can, and is done
// when the last one is answered that came before the client's end.
type session struct {
	tevent.Op[tevent.None]
	s    *tsocket.Stream
	live int
	end  bool
}

func serve(s *tsocket.Stream) tevent.Req[tevent.None] {
	c := &session{s: s}
	c.Start(s.Context(), "session")
	c.Own(s)
	c.read()
	return c.Req()
}

func (c *session) read() { tevent.Handle(readv.PDU(c.s, frame, nil), c, (*session).got) }

func (c *session) got(pdu []byte, err error) {
	switch {
	case errors.Is(err, io.EOF):
		c.end = true
		c.settle()
		return
	case c.Fail(err):
		return
	case len(pdu) < headerBytes:
		c.Fail(errShort)
		return
	}
	c.live++
	tevent.Then(reply(c.s, pdu), c, (*session).replied)
	c.read()
}

func (c *session) replied(int) {
	c.live--
	c.settle()
}

func (c *session) settle() {
	if c.end && c.live == 0 {
		c.Done(tevent.None{})
	}
}

// slow is how long the server takes for a call of that name.
const slow = 50 * time.Millisecond

// replying is one answer: think, then send. It completes when that was sent.
type replying struct {
	tevent.Op[int]
	s   *tsocket.Stream
	pdu []byte
}

func reply(s *tsocket.Stream, pdu []byte) tevent.Req[int] {
	r := &replying{s: s, pdu: pdu}
	r.Start(s.Context(), "reply")
	if _, body := parse(pdu); string(body) == "slow" {
		tevent.Sleep(s.Context(), slow).Then(r, r.thought)
	} else {
		r.thought(tevent.None{})
	}
	return r.Req()
}

func (r *replying) thought(tevent.None) { r.s.Send(r.pdu).Then(r, r.sent) }

func (r *replying) sent(n int) { r.Done(n) }
