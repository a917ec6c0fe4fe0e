package tsocket

import (
	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/internal/sys"
)

// coalesced is what a socket has received of datagrams that the kernel hands over
// together and that nobody has asked for yet.
type coalesced struct {
	on   bool // the socket may hand over several at once
	rest []lot
	ps   packets
}

// lot is datagrams of one sender.
type lot struct {
	buf     []byte // of the context's stock; nil: the bytes are the lot's own
	bytes   []byte // what is left
	segment int    // of each but the last
	from    Address
	cut     bool // the last is cut
}

// wide is how many lots one call receives; each has room for 64 KiB.
const wide = 8

// room is packets to receive n datagrams or more into.
func (c *coalesced) room(pool *driver.Buffers, n int) []sys.Packet {
	n = min(n, wide)
	bufs := pool.Fronts(n)
	for i := range n {
		p := c.ps.next(i)
		p.Bufs, p.Segment = bufs[i:i+1], driver.BufferSize
	}
	return c.ps.ps[:n]
}

// deliver puts the datagrams of n packets into ps and returns how many it has
// filled; the others wait in rest.
func (c *coalesced) deliver(pool *driver.Buffers, ps []Packet, n, family int) int {
	filled := 0
	for i := range n {
		p := &c.ps.ps[i]
		l := lot{bytes: p.Bufs[0][:p.N], segment: p.Segment, from: senderOf(p.Addr, family), cut: p.Cut&sys.CutBytes != 0}
		if l.segment == 0 {
			l.segment = max(p.N, 1)
		}
		p.Bufs = nil
		k, left := l.deliver(ps[filled:])
		if filled += k; left {
			c.rest = append(c.rest, l.keep(pool))
		}
	}
	return filled
}

// take fills ps with what waits and returns how many it has filled.
func (c *coalesced) take(pool *driver.Buffers, ps []Packet) int {
	filled := 0
	for len(c.rest) > 0 {
		k, left := c.rest[0].deliver(ps[filled:])
		if filled += k; left {
			break
		}
		c.drop(pool, 1)
	}
	return filled
}

// drop gives back the buffers of the first n lots.
func (c *coalesced) drop(pool *driver.Buffers, n int) {
	for i := range n {
		if c.rest[i].buf != nil {
			pool.Give(c.rest[i].buf)
		}
	}
	m := copy(c.rest, c.rest[n:])
	clear(c.rest[m:])
	c.rest = c.rest[:m]
}

// leave copies what waits out of the context's buffers.
func (c *coalesced) leave(pool *driver.Buffers) {
	for i := range c.rest {
		l := &c.rest[i]
		if l.buf != nil {
			b := append([]byte(nil), l.bytes...)
			pool.Give(l.buf)
			l.buf, l.bytes = nil, b
		}
	}
}

// keep is l in a buffer that stays.
func (l lot) keep(pool *driver.Buffers) lot {
	l.buf = pool.Take(len(l.bytes))
	l.bytes = l.buf[:copy(l.buf, l.bytes)]
	return l
}

// deliver puts datagrams into ps, as many as there are of either, and reports
// whether some are left. There is one at least, which may be empty.
func (l *lot) deliver(ps []Packet) (n int, left bool) {
	for n < len(ps) {
		b := l.bytes[:min(l.segment, len(l.bytes))]
		l.bytes = l.bytes[len(b):]
		to := &ps[n]
		n++
		to.N, to.Addr, to.Err = copy(to.Buf, b), l.from, nil
		to.Truncated = to.N < len(b) || l.cut && len(l.bytes) == 0
		if len(l.bytes) == 0 {
			return n, false
		}
	}
	return n, true
}
