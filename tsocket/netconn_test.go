//go:build linux

package tsocket_test

import (
	"context"
	"net"
	"testing"

	"golang.org/x/net/nettest"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// bridged are the transports over which bridges have to work.
var bridged = []struct {
	name string
	pair tsockettest.NewPair
}{
	{"tcp", tcpPair},
	{"tcp6", tcp6Pair},
	{"unix", unixPair},
	{"socketpair", socketpair},
	{"pipe", pipePair},
	{"layers", layered(tcpPair, transparent, transparent)},
	{"veil", layered(unixPair, veiled)},
	{"adopted", adoptedPair},
}

func pipePair(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	return tsocket.Pipe(ev, tsocket.PipeConfig{})
}

// adoptedPair is of connections that were package net's.
func adoptedPair(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	t.Helper()
	x, y := netPipe(t, "tcp", "127.0.0.1:0")
	a, err := tsocket.FromNetConn(ev, x)
	must(t, err)
	b, err = tsocket.FromNetConn(ev, y)
	must(t, err)
	must(t, x.Close())
	must(t, y.Close())
	return a, b
}

// Go's own test of connections.
func TestNetConnIsOneAsNetHasIt(t *testing.T) {
	t.Parallel() // it waits
	for _, tr := range bridged {
		t.Run(tr.name, func(t *testing.T) {
			nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
				p := newNetPair(t, tr.pair)
				return p.a, p.b, p.end, nil
			})
		})
	}
}

// netPair is two connected bridges on a loop that runs on a goroutine.
type netPair struct {
	*netLoop
	a, b net.Conn
}

// newNetPair runs a loop for a pair until end.
func newNetPair(t testing.TB, pair tsockettest.NewPair) *netPair {
	t.Helper()
	ev := teventtest.New(t)
	s1, s2 := pair(t, ev)
	for _, s := range []*tsocket.Stream{s1, s2} { // the system lets no buffer grow whose size was set: full stays full
		_ = s.Options().SetSendBuffer(64 << 10)
		_ = s.Options().SetRecvBuffer(64 << 10)
	}
	p := &netPair{a: tsocket.NetConn(s1), b: tsocket.NetConn(s2)}
	p.netLoop = runLoop(t, ev)
	t.Cleanup(func() { _ = p.a.Close(); _ = p.b.Close() })
	return p
}

// end closes everything; the loop is nobody's then.
func (p *netPair) end() {
	_ = p.a.Close()
	_ = p.b.Close()
	p.netLoop.end()
}

// netLoop is a loop that runs on a goroutine.
type netLoop struct {
	t       testing.TB
	ev      *tevent.Context
	stop    context.CancelFunc
	stopped chan struct{}
}

// runLoop runs the loop of ev until the end of the test.
func runLoop(t testing.TB, ev *tevent.Context) *netLoop {
	ctx, stop := context.WithCancel(context.Background())
	l := &netLoop{t, ev, stop, make(chan struct{})}
	t.Cleanup(l.end)
	go func() {
		defer close(l.stopped)
		_ = ev.Serve(ctx)
	}()
	return l
}

// halt ends the run of the loop.
func (l *netLoop) halt() {
	l.stop()
	<-l.stopped
}

// end runs the loop until nothing is left; it is nobody's then.
func (l *netLoop) end() {
	l.halt()
	if err := l.ev.LoopWait(); err != nil && err != tevent.ErrClosed {
		l.t.Error(err)
	}
}
