package tsocket

import (
	"net"

	"github.com/tsocket-go/tsocket/tevent"
)

// netReader is the Reads of a netConn.
type netReader struct {
	side
	c      *netConn                 // immutable
	peeked func(tevent.Req[[]byte]) // immutable

	// Guarded by mu.
	p       []byte // where the Read that waits wants its bytes; nil: none waits
	n       int    // bytes in there
	err     error  // for the next Read; the stream keeps what stays
	buf     []byte // taken over from the stream; the bytes are buf[r:w]
	r, w    int
	peeking bool // the loop waits for bytes
}

func (h *netReader) read(p []byte) (int, error) {
	h.begin()
	defer h.done()
	for {
		err := h.stopped()
		if err != nil || len(p) == 0 {
			return 0, err
		}
		if h.r < h.w {
			n := copy(p, h.buf[h.r:h.w])
			h.r += n
			return n, nil
		}
		if err := h.err; err != nil {
			h.err = nil
			return 0, err
		}
		if n, err := h.receive(p); n > 0 || err != nil {
			return n, err
		}
	}
}

// receive waits until something has changed, for bytes from the loop.
func (h *netReader) receive(p []byte) (int, error) {
	h.p, h.n = p, 0
	defer func() { h.p = nil }()
	err := h.wait("Read", !h.peeking)
	return h.n, err
}

// look asks the stream for bytes if a Read waits for them.
func (h *netReader) look() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.p == nil || h.n > 0 || h.peeking {
		return
	}
	h.peeking = true
	r := h.c.s.Peek(1)
	if r.InProgress() {
		r.SetCallback(h.peeked)
		return
	}
	h.take(r.Result())
}

// got is the stream's late answer.
func (h *netReader) got(r tevent.Req[[]byte]) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.take(r.Result())
}

// take gives the Read that waits what it has room for, and keeps the rest for the
// next ones, which then need no loop.
func (h *netReader) take(b []byte, err error) {
	h.peeking = false
	in := &h.c.s.in
	switch {
	case h.c.closed.Load():
		h.err = net.ErrClosed
	case len(b) > 0:
		h.giveBack()
		h.n = copy(h.p, b)
		h.c.s.Consume(h.n)
		h.buf, h.r, h.w = in.cede()
		h.c.s.passed()
	default:
		h.err = err
	}
	h.tell()
}

// giveBack returns the buffer to the context's stock.
func (h *netReader) giveBack() {
	if h.buf != nil {
		h.c.ev.Driver().Buffers.Give(h.buf)
		h.buf, h.r, h.w = nil, 0, 0
	}
}

// release is the end on the loop.
func (h *netReader) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.giveBack()
}
