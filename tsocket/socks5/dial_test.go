//go:build linux

package socks5_test

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/socks5"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// start runs an honest proxy that knows "target" as to.
func start(t testing.TB, ev *tevent.Context, addr string, to tsocket.Address) *proxy {
	t.Helper()
	p := &proxy{ev: ev, l: listen(t, ev, addr), names: map[string]tsocket.Address{"target": to}}
	p.serve()
	return p
}

// through is a stream through a proxy, and its other end.
func through(t testing.TB, ev *tevent.Context, addr, host string) (a, b *tsocket.Stream) {
	t.Helper()
	l := listen(t, ev, addr)
	defer l.Close()
	p := start(t, ev, addr, l.Addr())
	defer p.l.Close()
	accept := l.Accept()
	to := l.Addr().String()
	if host != "" {
		to = host + ":1"
	}
	a = done(t, ev, socks5.Dial(ev, p.l.Addr(), "tcp", to))
	return a, done(t, ev, accept)
}

func TestDialGoesThroughTheProxyOnEveryBackend(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		for _, host := range []string{"", "target"} {
			t.Run(addr+" "+host, func(t *testing.T) {
				bt.Each(t, func(b *bt.Backend) {
					x, y := through(b, b.Ev, addr, host)
					defer x.Close()
					defer y.Close()
					x.Send([]byte("there")).Ignore()
					buf := make([]byte, 5)
					done(b, b.Ev, y.Readv(buf))
					y.Send([]byte("and back")).Ignore()
					back := make([]byte, 8)
					done(b, b.Ev, x.Readv(back))
					if string(buf) != "there" || string(back) != "and back" {
						b.Errorf("%q, %q", buf, back)
					}
					done(b, b.Ev, x.Disconnect())
					if _, err := tevent.Wait(b.Ev, y.Peek(1).SetTimeout(patience)); !errors.Is(err, syscall.EPIPE) {
						b.Errorf("the other end sees %v", err)
					}
					done(b, b.Ev, y.Disconnect())
					b.Wait() // the proxy ends what it holds
				})
			})
		}
	}
}

func TestStreamOverAProxiesLayer(t *testing.T) {
	tsockettest.StreamSuite(t, proxied)
}

func TestStreamOverAProxiesLayerInASimulatedWorld(t *testing.T) {
	tsockettest.StreamSuiteIn(t, simtest.Run, proxied)
}

// proxied is a pair with the layer at one end; the other end is the proxy, which
// does not relay.
func proxied(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	t.Helper()
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	r := socks5.Client(a, "tcp", "192.0.2.1:80")
	buf := make([]byte, 13)
	done(t, ev, b.Readv(buf[:3]))
	b.Send([]byte{5, 0}).Ignore()
	done(t, ev, b.Readv(buf[3:]))
	b.Send([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}).Ignore()
	return done(t, ev, r), b
}

func TestADialFailsAsTheProxySays(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listen(b, b.Ev, "127.0.0.1:0")
		p := start(b, b.Ev, "127.0.0.1:0", l.Addr())
		defer p.l.Close()
		l.Close()
		for to, want := range map[string]error{ // in whatever order: each is a dial of its own
			"target:1":  syscall.ECONNREFUSED,
			"nowhere:1": syscall.EHOSTUNREACH,
		} {
			_, err := tevent.Wait(b.Ev, socks5.Dial(b.Ev, p.l.Addr(), "tcp", to))
			if r := socks5.ReplyError(0); !errors.As(err, &r) || !errors.Is(err, want) {
				b.Errorf("%s: %v", to, err)
			}
		}
		gone := p.l.Addr()
		p.l.Close()
		_, err := tevent.Wait(b.Ev, socks5.Dial(b.Ev, gone, "tcp", "target:1"))
		if !errors.Is(err, syscall.ECONNREFUSED) || errors.As(err, new(socks5.ReplyError)) {
			b.Errorf("without a proxy: %v", err)
		}
		b.Wait()
	})
}

// A silent proxy is waited for up to a deadline, at whatever step it is silent.
func TestASilentProxyIsGivenUp(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		for _, says := range []string{"", "\x05", "\x05\x00", "\x05\x00\x05", "\x05\x00\x05\x00\x00\x03\xff"} {
			x, y, err := tsocket.Socketpair(b.Ev)
			if err != nil {
				b.Fatal(err)
			}
			if says != "" {
				y.Send([]byte(says)).Ignore()
			}
			_, err = tevent.Wait(b.Ev, socks5.Client(x, "tcp", "target:1").SetTimeout(20*time.Millisecond))
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				b.Errorf("after %q: %v", says, err)
			}
			y.Close()
		}
		x, y, err := tsocket.Socketpair(b.Ev)
		if err != nil {
			b.Fatal(err)
		}
		defer y.Close()
		r := socks5.Client(x, "tcp", "target:1")
		turns(b, b.Ev, 2)
		r.Cancel()
		if _, err := tevent.Wait(b.Ev, r); !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
	})
}

// Nobody takes the result: the stream is closed.
func TestAStreamThatNobodyTakesIsClosed(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listen(b, b.Ev, "127.0.0.1:0")
		defer l.Close()
		p := start(b, b.Ev, "127.0.0.1:0", l.Addr())
		defer p.l.Close()
		socks5.Dial(b.Ev, p.l.Addr(), "tcp", "target:1").Ignore()
		y := done(b, b.Ev, l.Accept())
		defer y.Close()
		if _, err := tevent.Wait(b.Ev, y.Peek(1).SetTimeout(patience)); !errors.Is(err, syscall.EPIPE) {
			b.Error(err)
		}
		y.Close()
		p.l.Close()
		b.Wait()
	})
}

func TestAStreamThatIsInUseIsRefused(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y, err := tsocket.Socketpair(b.Ev)
		if err != nil {
			b.Fatal(err)
		}
		defer y.Close()
		read := x.Readv(make([]byte, 1))
		_, err = tevent.Wait(b.Ev, socks5.Client(x, "tcp", "target:1"))
		if !errors.Is(err, syscall.EBUSY) {
			b.Error(err)
		}
		read.Drop()
	})
}
