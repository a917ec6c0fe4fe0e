//go:build unix

package tsocket_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestStreamOverTCP(t *testing.T)        { streamSuite(t, tcpPair) }
func TestStreamOverTCP6(t *testing.T)       { streamSuite(t, tcp6Pair) }
func TestStreamOverUnix(t *testing.T)       { streamSuite(t, unixPair) }
func TestStreamOverSocketpair(t *testing.T) { streamSuite(t, socketpair) }

func TestStreamOverPipe(t *testing.T) {
	streamSuite(t, func(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		return tsocket.Pipe(ev, tsocket.PipeConfig{})
	})
}

func TestStreamOverSeededPipe(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			streamSuite(t, func(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
				return tsocket.Pipe(ev, tsocket.PipeConfig{Seed: seed, Delay: time.Duration(seed-1) * 200 * time.Microsecond})
			})
		})
	}
}

func tcpPair(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	a, b = connected(t, ev, address(t, "127.0.0.1:0"))
	return steady(t, ev, a), steady(t, ev, b)
}

func tcp6Pair(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	a, b = connected(t, ev, address(t, "[::]:0"))
	return steady(t, ev, a), steady(t, ev, b)
}

// steady gives a TCP stream buffers of a fixed size; the kernel's own grow with
// the traffic, up to dozens of megabytes.
func steady(t testing.TB, ev *tevent.Context, s *tsocket.Stream) *tsocket.Stream {
	t.Helper()
	fd, _, err := s.ReleaseFD()
	if err != nil {
		t.Fatal(err)
	}
	for _, opt := range []int{unix.SO_RCVBUF, unix.SO_SNDBUF} {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, opt, 128<<10); err != nil {
			t.Fatal(err)
		}
	}
	if s, err = tsocket.FromFD(ev, fd); err != nil {
		t.Fatal(err)
	}
	return s
}

func unixPair(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	return connected(t, ev, address(t, "unix:"+filepath.Join(t.TempDir(), "s")))
}

func socketpair(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	t.Helper()
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	return a, b
}

// connected connects to a listener at addr, which is closed again.
func connected(t testing.TB, ev *tevent.Context, addr tsocket.Address) (a, b *tsocket.Stream) {
	t.Helper()
	l := listen(t, ev, addr)
	defer l.Close()
	accept := l.Accept()
	a = done(t, ev, tsocket.Connect(ev, l.Addr()))
	return a, done(t, ev, accept)
}

func listen(t testing.TB, ev *tevent.Context, addr tsocket.Address) *tsocket.Listener {
	t.Helper()
	l, err := tsocket.Listen(ev, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func address(t testing.TB, s string) tsocket.Address {
	t.Helper()
	a, err := tsocket.ParseAddress(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// done is the outcome of what has to succeed.
func done[T any](t testing.TB, ev *tevent.Context, r tevent.Req[T]) T {
	t.Helper()
	v, err := tevent.Wait(ev, r.SetTimeout(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
