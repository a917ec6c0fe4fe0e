//go:build linux

package socks5_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/socks5"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// nested is a data layer over a proxy's over a socket, with all that is behind.
type nested struct {
	*bt.Backend
	p      *proxy
	v      *tsockettest.Veil
	s      *tsocket.Stream
	target *tsocket.Stream
}

func newNested(b *bt.Backend) *nested {
	l := listen(b, b.Ev, "127.0.0.1:0")
	n := &nested{Backend: b, p: start(b, b.Ev, "127.0.0.1:0", l.Addr())}
	accept := l.Accept()
	ctrl := done(b, b.Ev, socks5.Dial(b.Ev, n.p.l.Addr(), "tcp", "target:1"))
	n.target = done(b, b.Ev, accept)
	l.Close()
	var err error
	if n.v, n.s, err = tsockettest.LayVeil(tsocket.LayerConfig{}, ctrl); err != nil {
		b.Fatal(err)
	}
	done(b, b.Ev, n.s.Writev([]byte("x")))
	n.reads(3) // a record
	n.p.saw = nil
	return n
}

// reads takes n bytes at the target.
func (n *nested) reads(k int) {
	n.Helper()
	done(n, n.Ev, n.target.Readv(make([]byte, k)))
}

// end reads the end at the target, and wants the proxy to have seen no more and no
// less, in that order.
func (n *nested) end(saw ...string) {
	n.Helper()
	if _, err := tevent.Wait(n.Ev, n.target.Readv(make([]byte, 1)).SetTimeout(patience)); !errors.Is(err, io.EOF) {
		n.Errorf("at the target: %v", err)
	}
	if got, want := strings.Join(n.p.saw, ", "), strings.Join(saw, ", "); got != want {
		n.Errorf("the proxy has seen %s; want %s", got, want)
	}
	n.s.Close()
	n.target.Close()
	n.p.l.Close()
	n.Wait()
}

// The connection ends at three places: data says its last word to the target, ctrl
// and sock end the connection to the proxy, and that ends the one behind.
func TestDataCtrlAndSockEndInOrder(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		n := newNested(b)
		done(b, b.Ev, n.s.Disconnect())
		n.reads(2)
		n.end("2 bytes of the client", "the end of the client")
	})
}

// As long as data waits, neither ctrl nor sock ends, whatever becomes of who asked.
func TestWhatDataRetainsHoldsCtrlAndSock(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		n := newNested(b)
		n.v.Hold(tsocket.ShutWrite)
		r := n.s.Disconnect()
		turns(b, b.Ev, 20)
		if !r.Cancel() {
			b.Error("the request cannot be cancelled")
		}
		if _, err := tevent.Wait(b.Ev, r); !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
		turns(b, b.Ev, 20)
		if len(n.p.saw) > 0 {
			b.Errorf("the proxy has seen %v", n.p.saw)
		}
		n.v.Resume(tsocket.ShutWrite, nil)
		n.reads(2)
		n.end("2 bytes of the client", "the end of the client")
	})
}

// A half-close goes down to the socket and through the proxy; the other direction
// goes on.
func TestAHalfCloseGoesThroughAllLayers(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		n := newNested(b)
		done(b, b.Ev, n.s.ShutdownWrite())
		n.reads(2)
		if _, err := tevent.Wait(b.Ev, n.target.Readv(make([]byte, 1))); !errors.Is(err, io.EOF) {
			b.Error(err)
		}
		done(b, b.Ev, n.target.Writev([]byte("\x00\x01\x5a"))) // a record with a zero
		buf := []byte("?")
		if done(b, b.Ev, n.s.Readv(buf)); buf[0] != 0 {
			b.Errorf("%q", buf)
		}
		done(b, b.Ev, n.s.Disconnect())
		n.end("2 bytes of the client", "the end of the client", "3 bytes of the target")
	})
}

// When data fails, ctrl and sock are closed all the same.
func TestAFailureOfDataClosesCtrlAndSock(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		n := newNested(b)
		n.v.Hold(tsocket.ShutWrite)
		r := n.s.Disconnect()
		broken := errors.New("broken")
		n.v.Resume(tsocket.ShutWrite, broken)
		if _, err := tevent.Wait(b.Ev, r); !errors.Is(err, broken) {
			b.Error(err)
		}
		if f := n.s.Flags(); f != tsocket.ERR {
			b.Errorf("flags %q", f)
		}
		n.reads(2)
		n.end("2 bytes of the client", "the end of the client")
	})
}
