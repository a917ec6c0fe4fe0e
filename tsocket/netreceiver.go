package tsocket

import (
	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/tevent"
)

// netReceiver is the ReadFroms of a netPacketConn.
type netReceiver struct {
	side
	c        *netPacketConn             // immutable
	received func(tevent.Req[Datagram]) // immutable

	// Guarded by mu.
	wanted    bool     // a call waits
	come      bool     // a datagram, or err, is there for the next call
	got       Datagram // its bytes are the first of buf
	err       error    // the endpoint keeps what stays
	buf       []byte   // from the context's stock; big enough for every datagram
	receiving bool     // the endpoint fills buf
}

func (h *netReceiver) receive(p []byte) (int, Address, error) {
	h.begin()
	defer h.done()
	for {
		if err := h.stopped(); err != nil {
			return 0, Address{}, err
		}
		if h.come {
			h.come = false
			return copy(p, h.buf[:h.got.N]), h.got.From, h.err
		}
		h.wanted = true
		err := h.wait("ReadFrom", !h.receiving)
		h.wanted = false
		if err != nil {
			return 0, Address{}, err
		}
	}
}

// look asks the endpoint for a datagram if a call waits for one.
func (h *netReceiver) look() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.wanted || h.come || h.receiving {
		return
	}
	if h.buf == nil {
		h.buf = h.c.ev.Driver().Buffers.Take(driver.BufferSize)
	}
	h.receiving = true
	r := h.c.d.Recvfrom(h.buf)
	if r.InProgress() {
		r.SetCallback(h.received)
		return
	}
	h.take(r.Result())
}

// late is the endpoint's late answer.
func (h *netReceiver) late(r tevent.Req[Datagram]) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.take(r.Result())
}

func (h *netReceiver) take(d Datagram, err error) {
	h.receiving = false
	if h.c.closed.Load() {
		return // and the buffer has been given back
	}
	h.come, h.got, h.err = true, d, err
	h.tell()
}

// release is the end on the loop; the endpoint is closed.
func (h *netReceiver) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.buf != nil {
		h.c.ev.Driver().Buffers.Give(h.buf)
		h.buf, h.come = nil, false
	}
}
