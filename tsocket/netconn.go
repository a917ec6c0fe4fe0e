package tsocket

import (
	"io"
	"net"
	"time"
)

// netConn is a stream as a net.Conn. Its sides are safe for concurrent use; the
// stream is owned by the loop.
type netConn struct {
	bridge
	s             *Stream
	local, remote net.Addr // immutable
	in            netReader
	out           netWriter
}

var (
	_ net.Conn     = (*netConn)(nil)
	_ closesHalves = (*netConn)(nil)
)

// closesHalves is what those of package net have, too.
type closesHalves interface {
	CloseRead() error
	CloseWrite() error
}

// NetConn makes a stream a net.Conn, for code that blocks: its methods are
// called from any goroutine but the one that runs the loop, where a Read or Write
// that waits panics as tevent.Await does. It is called on the loop; from then on
// the stream is the connection's. The dynamic type has CloseRead and CloseWrite
// too.
//
// Reads have their turns one after the other, and so have Writes, which are each
// whole. The caller's memory is his own again when a call returns. Deadlines and
// Close end calls that wait, whatever the loop does. A Write that its deadline
// has ended says how many bytes were taken, and those are still sent.
//
// The loop is run by somebody meanwhile: an open connection holds LoopWait and
// Run. Context.Close closes it. If nobody runs the loop, a call that has to wait
// says so after some seconds.
//
// Errors are those of package net: a bare io.EOF at the end of the stream,
// otherwise *net.OpError, in which errors.Is finds net.ErrClosed after Close,
// with tevent.ErrClosed if that was Context.Close, and os.ErrDeadlineExceeded.
func NetConn(s *Stream) net.Conn { return newNetConn(s) }

func newNetConn(s *Stream) *netConn {
	c := &netConn{s: s, local: streamAddr(s.local), remote: streamAddr(s.remote)}
	c.in.c, c.out.c = c, c
	c.in.peeked, c.out.wrote = c.in.got, c.out.sent
	s.SetReadAhead(DefaultReadAhead)
	c.open(s.context(), "net conn", c.look, c.release, &c.in.side, &c.out.side)
	s.OnClose(func() {
		c.shut(net.ErrClosed)
		c.end()
	})
	return c
}

// look does on the loop what the calls want.
func (c *netConn) look() {
	c.in.look()
	c.out.look()
}

// release gives back what lives on the loop. What the writer has with the
// transport comes back with the failure of its request.
func (c *netConn) release() {
	c.s.Close()
	c.in.release()
}

// Read takes at least one byte.
func (c *netConn) Read(p []byte) (int, error) {
	n, err := c.in.read(p)
	return n, c.wrap("read", err)
}

// Write returns when all of p is with the transport.
func (c *netConn) Write(p []byte) (int, error) {
	n, err := c.out.write(p)
	return n, c.wrap("write", err)
}

// Close does not wait for the loop.
func (c *netConn) Close() error { return c.wrap("close", c.close()) }

// CloseRead ends Reads with io.EOF; the peer is not told.
func (c *netConn) CloseRead() error {
	if c.closed.Load() {
		return c.wrap("close", net.ErrClosed)
	}
	c.in.shut(io.EOF)
	return nil
}

// CloseWrite tells the peer, behind what was written, that nothing follows. It
// has its turn among the Writes.
func (c *netConn) CloseWrite() error { return c.wrap("close", c.out.closeWrite()) }

func (c *netConn) LocalAddr() net.Addr  { return c.local }
func (c *netConn) RemoteAddr() net.Addr { return c.remote }

func (c *netConn) SetDeadline(t time.Time) error {
	return c.wrap("set", c.setDeadlines(t, &c.in.side, &c.out.side))
}

func (c *netConn) SetReadDeadline(t time.Time) error {
	return c.wrap("set", c.setDeadlines(t, &c.in.side))
}

func (c *netConn) SetWriteDeadline(t time.Time) error {
	return c.wrap("set", c.setDeadlines(t, &c.out.side))
}

func (c *netConn) wrap(verb string, err error) error { return netError(verb, c.local, c.remote, err) }
