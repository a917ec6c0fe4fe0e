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
	start int64 // where in the pattern the stream begins
	due   int64 // to be sent so far
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

// send writes what is due, as far as the socket takes it.
func (c *conn) send(p *pattern) error {
	for c.full = false; c.sent < c.due; {
		n, errno := write(c.fd, p.at(c.start+c.sent, int(c.due-c.sent)))
		switch errno {
		case 0:
			c.sent += int64(n)
		case syscall.EAGAIN:
			c.full = true
			return nil
		default:
			return errno
		}
	}
	return nil
}

// receive reads once; it returns how many bytes came, 0 if none is there, and
// how many requests they completed.
func (c *conn) receive(p *pattern, buf []byte) (n int, done int64, err error) {
	n, errno := read(c.fd, buf)
	switch {
	case errno == syscall.EAGAIN:
		return 0, 0, nil
	case errno != 0:
		return 0, 0, errno
	case n == 0:
		return 0, 0, io.ErrUnexpectedEOF
	}
	before := c.got / int64(p.message)
	for b := buf[:n]; len(b) > 0; {
		want := p.at(c.start+c.got, len(b))
		if c.got+int64(len(want)) > c.sent || !bytes.Equal(b[:len(want)], want) {
			return n, 0, errMismatch
		}
		c.got += int64(len(want))
		b = b[len(want):]
	}
	return n, c.got/int64(p.message) - before, nil
}
