//go:build linux

package tsocket_test

import (
	"errors"
	"net"
	"os"
	"sync"
	"testing"
	"time"
)

// long ago, and not soon.
var (
	past   = time.Unix(1, 0)
	future = func() time.Time { return time.Now().Add(time.Hour) }
)

// overBridges runs body with a pair of bridges over each transport.
func overBridges(t *testing.T, body func(t *testing.T, p *netPair)) {
	for _, tr := range bridged {
		t.Run(tr.name, func(t *testing.T) { body(t, newNetPair(t, tr.pair)) })
	}
}

// opError wants err to be one as package net makes them.
func opError(t testing.TB, err error, verb string, targets ...error) {
	t.Helper()
	var e *net.OpError
	if !errors.As(err, &e) || error(e) != err || e.Op != verb {
		t.Fatalf("the error is %#v, want a *net.OpError of %q", err, verb)
	}
	is(t, err, targets...)
}

// timeout wants err to be that of a deadline.
func timeout(t testing.TB, err error, verb string) {
	t.Helper()
	opError(t, err, verb, os.ErrDeadlineExceeded)
	if e, ok := err.(net.Error); !ok || !e.Timeout() {
		t.Fatalf("%v is no time-out", err)
	}
}

// later runs f on another goroutine; the function it returns waits for it.
func later(f func()) (wait func()) {
	var g sync.WaitGroup
	g.Go(f)
	return g.Wait
}

// fill writes until no more fits.
func fill(t testing.TB, c net.Conn) (n int) {
	t.Helper()
	block := make([]byte, 64<<10)
	for {
		must(t, c.SetWriteDeadline(time.Now().Add(20*time.Millisecond)))
		k, err := c.Write(block)
		n += k
		if err != nil {
			timeout(t, err, "write")
			must(t, c.SetWriteDeadline(time.Time{}))
			return n
		}
	}
}
