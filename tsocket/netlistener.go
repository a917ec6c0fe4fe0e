package tsocket

import (
	"net"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// netListener is a listener as a net.Listener. Its side is safe for concurrent
// use; the listener is owned by the loop.
type netListener struct {
	bridge
	l    *Listener
	addr net.Addr // immutable
	in   netAccepter
}

var _ net.Listener = (*netListener)(nil)

// NetListener makes a listener a net.Listener, for code that blocks, such as an
// http.Server: its methods are called from any goroutine but the one that runs the
// loop, its connections are those of NetConn on the same loop, and what is said
// there holds here. It is called on the loop; from then on the listener is the
// bridge's. The dynamic type has SetDeadline too, as those of package net.
//
// Accept fails only for good. Close returns when the loop has closed the listener,
// or fails if nobody runs the loop; on the loop itself it works too.
func NetListener(l *Listener) net.Listener {
	n := &netListener{l: l, addr: streamAddr(l.addr)}
	n.in.l, n.in.accepted = l, n.in.got
	n.open(l.ev, "net listener", n.in.look, n.release, &n.in.side)
	return n
}

// Accept waits for the next connection.
func (n *netListener) Accept() (net.Conn, error) {
	c, err := n.in.accept()
	if err != nil {
		return nil, n.wrap("accept", err)
	}
	return c, nil
}

// Close ends the listener and every Accept.
func (n *netListener) Close() error {
	err := n.close()
	if err == nil {
		err = n.gone()
	}
	return n.wrap("close", err)
}

// gone waits until the loop has closed the listener, so that its address is free.
func (n *netListener) gone() error {
	if n.ev.Inside() {
		n.end()
		return nil
	}
	return n.in.ended()
}

// release gives back what lives on the loop.
func (n *netListener) release() {
	n.l.Close()
	n.in.release()
}

func (n *netListener) Addr() net.Addr { return n.addr }

func (n *netListener) SetDeadline(t time.Time) error {
	return n.wrap("set", n.setDeadlines(t, &n.in.side))
}

func (n *netListener) wrap(verb string, err error) error { return netError(verb, nil, n.addr, err) }

// netAccepter is the Accepts of a netListener.
type netAccepter struct {
	side
	l        *Listener                 // owned by the loop
	accepted func(tevent.Req[*Stream]) // immutable

	// Guarded by mu.
	wanted    bool     // an Accept waits
	conn      *netConn // for the next Accept
	err       error    // for the next Accept; the listener keeps what stays
	accepting bool     // the loop waits for a connection
	released  bool
}

func (h *netAccepter) accept() (*netConn, error) {
	h.begin()
	defer h.done()
	for {
		if err := h.stopped(); err != nil {
			return nil, err
		}
		if c, err := h.conn, h.err; c != nil || err != nil {
			h.conn, h.err = nil, nil
			return c, err
		}
		h.wanted = true
		err := h.wait("Accept", !h.accepting)
		h.wanted = false
		if err != nil {
			return nil, err
		}
	}
}

// ended waits for release.
func (h *netAccepter) ended() error {
	h.begin()
	defer h.done()
	for !h.released {
		if err := h.wait("Close", true); err != nil {
			return err
		}
	}
	return nil
}

// look asks the listener for a connection if an Accept waits for one.
func (h *netAccepter) look() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.wanted || h.conn != nil || h.accepting {
		return
	}
	h.accepting = true
	r := h.l.Accept()
	if r.InProgress() {
		r.SetCallback(h.accepted)
		return
	}
	h.take(r.Result())
}

// got is the listener's late answer.
func (h *netAccepter) got(r tevent.Req[*Stream]) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.take(r.Result())
}

// take keeps a connection for the Accept that waits, or for the next one.
func (h *netAccepter) take(s *Stream, err error) {
	h.accepting = false
	switch {
	case err != nil:
		h.err = err
	case h.released:
		s.Close()
	default:
		h.conn = newNetConn(s)
	}
	h.tell()
}

// release is the end on the loop. A connection that nobody accepted is closed.
func (h *netAccepter) release() {
	h.mu.Lock()
	c := h.conn
	h.conn, h.released = nil, true
	h.tell()
	h.mu.Unlock()
	if c != nil {
		c.s.Close()
	}
}
