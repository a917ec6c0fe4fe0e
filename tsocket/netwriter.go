package tsocket

import (
	"context"
	"errors"

	"github.com/tsocket-go/tsocket/tevent"
)

// netPiece is how much of what a full transport has no room for is copied, to be
// sent when there is room again.
const netPiece = 16 << 10

// netWriter is the Writes of a netConn. The transport gets the caller's memory as
// far as it takes it at once, and a copy of the next piece where it has to wait.
type netWriter struct {
	side
	c     *netConn              // immutable
	wrote func(tevent.Req[int]) // immutable

	// Guarded by mu.
	p       []byte // what is left of the Write that waits
	n       int    // how much of it was taken
	ending  bool   // CloseWrite waits
	ended   bool   // it was done
	err     error  // for the next call; the stream keeps what stays
	piece   []byte // from the context's stock; nil: none is with the transport
	sending bool   // a piece or the end is with the transport
}

func (h *netWriter) write(p []byte) (int, error) {
	h.begin()
	defer h.done()
	h.p, h.n = p, 0
	defer func() { h.p = nil }()
	err := h.flush()
	return h.n, err
}

func (h *netWriter) closeWrite() error {
	h.begin()
	defer h.done()
	h.ending = !h.ended
	defer func() { h.ending = false }()
	return h.flush()
}

// flush waits until the loop has done what the call wants.
func (h *netWriter) flush() error {
	for {
		if err := h.stopped(); err != nil {
			return err
		}
		if err := h.err; err != nil {
			h.err = nil
			return err
		}
		if len(h.p) == 0 && !h.ending && !h.sending {
			return nil
		}
		if err := h.wait("Write", !h.sending); err != nil {
			return err
		}
	}
}

// look sends what a call wants to have sent.
func (h *netWriter) look() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sending || h.err != nil {
		return
	}
	if h.ending {
		h.ending, h.ended = false, true
		h.begun(h.c.s.SendShutdown())
		return
	}
	for len(h.p) > 0 && !h.sending {
		if !h.try() {
			break
		}
	}
	h.tell()
}

// try sends what the transport takes at once, and then a copy of the next piece;
// it reports false if there is no more to do.
func (h *netWriter) try() bool {
	r := h.c.s.Writev(h.p)
	r.Cancel() // unless it is done: the memory is the caller's
	n, err := r.Result()
	h.took(n)
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled):
		h.piece = h.c.ev.Driver().Buffers.Take(min(len(h.p), netPiece))
		n := copy(h.piece, h.p)
		h.took(n)
		h.begun(h.c.s.Writev(h.piece[:n]))
	default:
		h.err = err
	}
	return h.err == nil
}

func (h *netWriter) took(n int) { h.n, h.p = h.n+n, h.p[n:] }

// begun is for what may have to wait.
func (h *netWriter) begun(r tevent.Req[int]) {
	h.sending = true
	if r.InProgress() {
		r.SetCallback(h.wrote)
		return
	}
	_, err := r.Result()
	h.finished(err)
}

// sent is the transport's late answer: it may take more.
func (h *netWriter) sent(r tevent.Req[int]) {
	_, err := r.Result()
	h.mu.Lock()
	h.finished(err)
	h.mu.Unlock()
	h.look()
}

func (h *netWriter) finished(err error) {
	h.sending, h.err = false, err
	h.giveBack()
	h.tell()
}

func (h *netWriter) giveBack() {
	if h.piece != nil {
		h.c.ev.Driver().Buffers.Give(h.piece)
		h.piece = nil
	}
}
