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
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel() // it waits
			body(t, newNetPair(t, tr.pair))
		})
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

// fill writes to c, one of p's, until no more fits: twice in a row nothing was taken
// although the loop ran.
func (p *netPair) fill(t testing.TB, c net.Conn) (n int) {
	t.Helper()
	block := make([]byte, 64<<10)
	for idle := 0; idle < 2; {
		must(t, c.SetWriteDeadline(time.Now().Add(20*time.Millisecond)))
		k, err := c.Write(block)
		n += k
		idle++
		if k > 0 {
			idle = 0
		}
		if err != nil {
			timeout(t, err, "write")
		}
		p.turn()
	}
	must(t, c.SetWriteDeadline(time.Time{}))
	return n
}

// turn returns when the loop has run.
func (l *netLoop) turn() {
	for range 2 {
		ran := make(chan struct{})
		l.ev.Post(func() { close(ran) })
		<-ran
	}
}
