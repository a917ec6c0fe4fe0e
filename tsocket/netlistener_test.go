//go:build linux

package tsocket_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// overListeners runs body with a bridge of a listener at each kind of address.
func overListeners(t *testing.T, body func(t *testing.T, l net.Listener, loop *netLoop)) {
	for name, addr := range map[string]string{"tcp": "127.0.0.1:0", "tcp6": "[::1]:0", "unix": "unix:PATH"} {
		t.Run(name, func(t *testing.T) {
			ev := teventtest.New(t)
			addr := strings.ReplaceAll(addr, "PATH", filepath.Join(t.TempDir(), "s"))
			l := tsocket.NetListener(listen(t, ev, address(t, addr)))
			loop := runLoop(t, ev)
			t.Cleanup(func() { _ = l.Close() })
			body(t, l, loop)
		})
	}
}

// dialNet connects to l from outside.
func dialNet(t testing.TB, l net.Listener) net.Conn {
	t.Helper()
	c, err := net.Dial(l.Addr().Network(), l.Addr().String())
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Go's own test of connections, with one of net's at the other end.
func TestNetListenerAcceptsConnectionsAsNetHasThem(t *testing.T) {
	t.Parallel() // it waits
	overListeners(t, func(t *testing.T, l net.Listener, _ *netLoop) {
		nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
			a := dialNet(t, l)
			b, err := l.Accept()
			must(t, err)
			return a, b, func() { _ = a.Close(); _ = b.Close() }, nil
		})
	})
}

func TestNetListenerServesHTTP(t *testing.T) {
	ev := teventtest.New(t)
	l := tsocket.NetListener(listen(t, ev, address(t, "127.0.0.1:0")))
	runLoop(t, ev)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })}
	wait := later(func() {
		if err := srv.Serve(l); err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	client := &http.Client{Transport: &http.Transport{}}
	text := strings.Repeat("0123456789", 100_000)
	for range 3 {
		r, err := client.Post("http://"+l.Addr().String()+"/", "text/plain", strings.NewReader(text))
		must(t, err)
		b, err := io.ReadAll(r.Body)
		must(t, err)
		must(t, r.Body.Close())
		if string(b) != text {
			t.Errorf("%d bytes came back", len(b))
		}
	}
	client.CloseIdleConnections()
	must(t, srv.Close())
	wait()
}

func TestNetListenerCloseEndsAcceptAndFreesTheAddress(t *testing.T) {
	overListeners(t, func(t *testing.T, l net.Listener, _ *netLoop) {
		waiting := dialNet(t, l) // nobody accepts it
		c, err := l.Accept()
		must(t, err)
		must(t, c.Close())
		_ = waiting
		wait := later(func() {
			_, err := l.Accept()
			opError(t, err, "accept", net.ErrClosed)
		})
		must(t, l.Close())
		wait()
		opError(t, l.Close(), "close", net.ErrClosed)
		again, err := net.Listen(l.Addr().Network(), l.Addr().String())
		must(t, err)
		must(t, again.Close())
	})
}

func TestNetListenerDeadlineLosesNoConnection(t *testing.T) {
	overListeners(t, func(t *testing.T, l net.Listener, _ *netLoop) {
		limit := l.(interface{ SetDeadline(time.Time) error })
		must(t, limit.SetDeadline(past))
		_, err := l.Accept()
		timeout(t, err, "accept")
		must(t, limit.SetDeadline(time.Now().Add(time.Millisecond)))
		_, err = l.Accept()
		timeout(t, err, "accept")
		far := dialNet(t, l)
		_, err = far.Write([]byte("x"))
		must(t, err)
		must(t, limit.SetDeadline(time.Time{}))
		c, err := l.Accept()
		must(t, err)
		_, err = io.ReadFull(c, make([]byte, 1))
		must(t, err)
		must(t, c.Close())
		must(t, l.Close())
		opError(t, limit.SetDeadline(past), "set", net.ErrClosed)
	})
}

// Who is not accepted any more is closed with the listener.
func TestNetListenerClosesAConnectionThatNobodyTook(t *testing.T) {
	overListeners(t, func(t *testing.T, l net.Listener, loop *netLoop) {
		must(t, l.(interface{ SetDeadline(time.Time) error }).SetDeadline(time.Now().Add(time.Millisecond)))
		_, err := l.Accept()
		timeout(t, err, "accept")
		far := dialNet(t, l) // the loop accepts it, for the next Accept
		must(t, l.Close())
		if _, err := far.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
			t.Error(err)
		}
	})
}

func TestNetListenerCloseOnTheLoopAndWithout(t *testing.T) {
	t.Parallel() // it waits
	overListeners(t, func(t *testing.T, l net.Listener, loop *netLoop) {
		closed := make(chan error)
		loop.ev.Post(func() { closed <- l.Close() })
		must(t, <-closed)
	})
	overListeners(t, func(t *testing.T, l net.Listener, loop *netLoop) {
		t.Parallel() // it waits
		loop.halt()
		if err := l.Close(); err == nil || !strings.Contains(err.Error(), "nobody runs") {
			t.Error(err)
		}
	})
}
