package tsocket

import (
	"net"
	"time"
)

// netPacketConn is an endpoint of datagrams as a net.PacketConn. Its sides are
// safe for concurrent use; the endpoint is owned by the loop.
type netPacketConn struct {
	bridge
	d             *Dgram
	local, remote net.Addr // immutable; remote is nil without a connected peer
	in            netReceiver
	out           netSender
}

var (
	_ net.PacketConn = (*netPacketConn)(nil)
	_ net.Conn       = (*netPacketConn)(nil)
)

// NetPacketConn makes an endpoint of datagrams a net.PacketConn, as NetConn makes a
// stream a net.Conn: what is said there about goroutines, the loop, deadlines,
// memory and errors holds here. It is called on the loop; from then on the endpoint
// is the connection's. The dynamic type is a net.Conn too, for a connected peer.
//
// A datagram that is longer than the buffer of a ReadFrom is cut, as in package
// net. A connection that was read holds 64 KiB of the context's buffers.
// WriteTo takes the addresses that ReadFrom gives, those of package net, and an
// Address.
func NetPacketConn(d *Dgram) net.PacketConn {
	c := &netPacketConn{d: d, local: dgramAddr(d.local)}
	if d.remote.IsValid() {
		c.remote = dgramAddr(d.remote)
	}
	c.in.c, c.out.c = c, c
	c.in.received, c.out.after = c.in.late, c.out.late
	c.open(d.context(), "net packet conn", c.look, c.release, &c.in.side, &c.out.side)
	d.OnClose(func() {
		c.shut(net.ErrClosed)
		c.end()
	})
	return c
}

func (c *netPacketConn) look() {
	c.in.look()
	c.out.look()
}

// release gives back what lives on the loop. What the sender has with the endpoint
// comes back with the failure of its request.
func (c *netPacketConn) release() {
	c.d.Close()
	c.in.release()
}

// ReadFrom takes one datagram, which may be empty.
func (c *netPacketConn) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := c.in.receive(p)
	if err != nil {
		return 0, nil, c.wrap("read", c.remote, err)
	}
	return n, dgramAddr(from), nil
}

// Read is ReadFrom for who knows the sender.
func (c *netPacketConn) Read(p []byte) (int, error) {
	n, _, err := c.in.receive(p)
	return n, c.wrap("read", c.remote, err)
}

// WriteTo sends one datagram.
func (c *netPacketConn) WriteTo(p []byte, addr net.Addr) (int, error) {
	to, err := addressFrom(addr)
	n := 0
	if err == nil {
		n, err = c.out.send(p, to)
	}
	return n, c.wrap("write", addr, err)
}

// Write sends one datagram to the connected peer.
func (c *netPacketConn) Write(p []byte) (int, error) {
	n, err := c.out.send(p, Address{})
	return n, c.wrap("write", c.remote, err)
}

// Close does not wait for the loop.
func (c *netPacketConn) Close() error { return c.wrap("close", c.remote, c.close()) }

func (c *netPacketConn) LocalAddr() net.Addr  { return c.local }
func (c *netPacketConn) RemoteAddr() net.Addr { return c.remote }

func (c *netPacketConn) SetDeadline(t time.Time) error {
	return c.wrap("set", c.remote, c.setDeadlines(t, &c.in.side, &c.out.side))
}

func (c *netPacketConn) SetReadDeadline(t time.Time) error {
	return c.wrap("set", c.remote, c.setDeadlines(t, &c.in.side))
}

func (c *netPacketConn) SetWriteDeadline(t time.Time) error {
	return c.wrap("set", c.remote, c.setDeadlines(t, &c.out.side))
}

func (c *netPacketConn) wrap(verb string, remote net.Addr, err error) error {
	return netError(verb, c.local, remote, err)
}
