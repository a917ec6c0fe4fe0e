//go:build linux

package tsocket_test

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys/backend"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// patience bounds every wait, so that a broken promise fails and does not hang.
const patience = time.Minute

// injected is a leak-checked context whose system fails on request and counts.
func injected(t testing.TB) (*tevent.Context, *fault.Injector) {
	t.Helper()
	system, err := backend.Open(teventtest.Backend())
	must(t, err)
	in := fault.New(system.Kernel, system.Poller)
	ev := tevent.NewOn(in.Kernel(), in.Poller(), system.Host)
	teventtest.Watch(t, ev)
	return ev, in
}

// fails is the value beside the error of what has to fail with every target.
func fails[T any](t testing.TB, ev *tevent.Context, r tevent.Req[T], targets ...error) T {
	t.Helper()
	v, err := tevent.Wait(ev, r.SetTimeout(patience))
	is(t, err, targets...)
	return v
}

func is(t testing.TB, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Fatalf("the error is %v, want %v", err, target)
		}
	}
}

// turns runs the loop n times, each without sleeping longer than 1 ms.
func turns(t testing.TB, ev *tevent.Context, n int) {
	t.Helper()
	old := ev.SetWaitTimeout(time.Millisecond)
	defer ev.SetWaitTimeout(old)
	for range n {
		if err := ev.LoopOnce(); err != nil {
			t.Fatal(err)
		}
	}
}

// closing closes s before the context is checked.
func closing(t testing.TB, all ...*tsocket.Stream) {
	t.Cleanup(func() {
		for _, s := range all {
			s.Close()
		}
	})
}

func write(t testing.TB, ev *tevent.Context, s *tsocket.Stream, text string) {
	t.Helper()
	if n := done(t, ev, s.Writev([]byte(text))); n != len(text) {
		t.Fatalf("Writev took %d of %d bytes", n, len(text))
	}
}

func read(t testing.TB, ev *tevent.Context, s *tsocket.Stream, text string) {
	t.Helper()
	b := make([]byte, len(text))
	if n := done(t, ev, s.Readv(b)); n != len(b) || string(b) != text {
		t.Fatalf("read %d bytes %q, want %q", n, b, text)
	}
}

// raw is a plain blocking socket connected to l, beside the library.
func raw(t testing.TB, l *tsocket.Listener) int {
	t.Helper()
	family, sa := unix.AF_UNIX, unix.Sockaddr(&unix.SockaddrUnix{Name: l.Addr().UnixPath()})
	if !l.Addr().IsUnix() {
		ap := l.Addr().AddrPort()
		family, sa = unix.AF_INET, &unix.SockaddrInet4{Port: int(ap.Port()), Addr: [4]byte{127, 0, 0, 1}}
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Connect(fd, sa); err != nil {
		unix.Close(fd)
		t.Fatal(err)
	}
	return fd
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rawWrite writes all of text.
func rawWrite(t testing.TB, fd int, text string) {
	t.Helper()
	for b := []byte(text); len(b) > 0; {
		n, err := unix.Write(fd, b)
		must(t, err)
		b = b[n:]
	}
}

// rawRead reads n bytes, or fewer up to the end.
func rawRead(t testing.TB, fd, n int) string {
	t.Helper()
	b := make([]byte, n)
	got := 0
	for got < n {
		k, err := unix.Read(fd, b[got:])
		must(t, err)
		if k == 0 {
			break
		}
		got += k
	}
	return string(b[:got])
}
