package tsocket

import (
	"context"
	"errors"

	"github.com/tsocket-go/tsocket/tevent"
)

// netSender is the WriteTos of a netPacketConn. The endpoint gets the caller's
// memory where it sends at once, and a copy where it has to wait.
type netSender struct {
	side
	c     *netPacketConn        // immutable
	after func(tevent.Req[int]) // immutable

	// Guarded by mu.
	p       []byte // of the call that waits
	to      Address
	wanted  bool // a call waits and has not been looked at
	sent    bool // its outcome is there
	n       int
	err     error
	buf     []byte          // the copy, from the context's stock; nil: none is with the endpoint
	sending tevent.Req[int] // of the copy
	given   bool            // up: the call that the copy is of has returned
}

func (h *netSender) send(p []byte, to Address) (int, error) {
	h.begin()
	defer h.done()
	h.p, h.to, h.sent, h.wanted = p, to, false, true
	defer func() { h.p, h.wanted = nil, false }()
	for {
		if h.sent {
			return h.n, h.err
		}
		err := h.stopped()
		if err == nil {
			err = h.wait("WriteTo", h.wanted)
		}
		if err != nil && !h.sent {
			h.giveUp()
			return 0, err
		}
	}
}

// giveUp has the loop forget the copy.
func (h *netSender) giveUp() {
	if h.buf != nil {
		h.given = true
		h.ask()
	}
}

// look sends what a call wants to have sent.
func (h *netSender) look() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.given {
		h.sending.Cancel()
		h.take(h.sending.Result())
	}
	if !h.wanted || h.buf != nil {
		return
	}
	h.wanted = false
	r := h.c.d.Sendto(h.p, h.to)
	r.Cancel() // unless it is done: the memory is the caller's
	n, err := r.Result()
	if !errors.Is(err, context.Canceled) {
		h.finish(n, err)
		return
	}
	h.buf = h.c.ev.Driver().Buffers.Take(len(h.p))
	h.sending = h.c.d.Sendto(h.buf[:copy(h.buf, h.p)], h.to)
	h.sending.SetCallback(h.after)
}

// late is the endpoint's late answer.
func (h *netSender) late(r tevent.Req[int]) {
	n, err := r.Result()
	h.mu.Lock()
	h.take(n, err)
	h.mu.Unlock()
	h.look()
}

// take is the end of the copy.
func (h *netSender) take(n int, err error) {
	h.giveBack()
	if h.given {
		h.given = false
		return
	}
	h.finish(n, err)
}

func (h *netSender) finish(n int, err error) {
	h.sent, h.n, h.err = true, n, err
	h.tell()
}

func (h *netSender) giveBack() {
	if h.buf != nil {
		h.c.ev.Driver().Buffers.Give(h.buf)
		h.buf = nil
	}
}
