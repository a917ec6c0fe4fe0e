//go:build linux

package main

import (
	"bytes"
	"errors"
	"io"
	"syscall"
)

var errMismatch = errors.New("the reply differs from what was sent")

// conn is one connection. Positions count bytes of its stream; what is sent
// and what is expected back are the same stream.
type conn struct {
	fd    int
	index int    // in the loop's list
	buf   []byte // to receive into
	over  bool   // the kernel has told of the end: it is read until that comes
	start int64  // where in the pattern the stream begins
	due   int64  // to be sent so far
	sent  int64
	got   int64
	since []int64 // when request i was due, at i%depth
	full  bool    // the socket took no more: waiting for EPOLLOUT
}

// issue makes n more requests due.
func (c *conn) issue(n int64, message int, now int64) {
	first := c.due / int64(message)
	for i := first; i < first+n; i++ {
		c.since[i%int64(len(c.since))] = now
	}
	c.due += n * int64(message)
}

// sends is the next part of what is due; empty if there is none.
func (c *conn) sends(p *pattern) []byte { return p.at(c.start+c.sent, int(c.due-c.sent)) }

// sentBy notes how a send has ended.
func (c *conn) sentBy(x *call) error {
	switch x.errno {
	case 0:
		c.sent += int64(x.n)
	case syscall.EAGAIN:
		c.full = true
	default:
		return x.errno
	}
	return nil
}

// receivedBy compares what a receive has brought, 0 bytes if nothing was there, and
// returns how many requests that completes.
func (c *conn) receivedBy(x *call, p *pattern) (done int64, err error) {
	switch {
	case x.errno == syscall.EAGAIN:
		return 0, nil
	case x.errno != 0:
		return 0, x.errno
	case x.n == 0:
		return 0, io.ErrUnexpectedEOF
	}
	before := c.got / int64(p.message)
	for b := x.buf[:x.n]; len(b) > 0; {
		want := p.at(c.start+c.got, len(b))
		if c.got+int64(len(want)) > c.sent || !bytes.Equal(b[:len(want)], want) {
			return 0, errMismatch
		}
		c.got += int64(len(want))
		b = b[len(want):]
	}
	return c.got/int64(p.message) - before, nil
}
