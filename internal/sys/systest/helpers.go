//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"net/netip"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

const (
	unixPath    = len(unix.RawSockaddrUnix{}.Path)
	otherFamily = 16 // AF_NETLINK, AF_APPLETALK: none that an Addr has
)

// look is the deadline of a Wait that only looks.
const look int64 = 0

func must(t testing.TB, e sys.Errno) {
	t.Helper()
	if e != 0 {
		t.Fatal(e)
	}
}

func wantErrno(t testing.TB, got, want sys.Errno) {
	t.Helper()
	if got != want {
		t.Fatalf("errno %d (%v), want %d (%v)", got, got, want, want)
	}
}

// poller returns a Poller that ends with the test, and a Kernel with its clock.
func (on System) poller(t testing.TB) (sys.Kernel, sys.Poller) {
	t.Helper()
	k := on.Kernel()
	p, err := on.Poller(k)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return k, p
}

// pair returns a socket pair; hangUp closes an end before the test is over.
func pair(t testing.TB, k sys.Kernel) *[2]int {
	t.Helper()
	fds, e := k.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, e)
	return closing(t, k, fds)
}

func closing(t testing.TB, k sys.Kernel, fds [2]int) *[2]int {
	t.Cleanup(func() {
		k.Close(fds[0])
		k.Close(fds[1])
	})
	return &fds
}

func hangUp(t testing.TB, k sys.Kernel, fd *int) {
	t.Helper()
	must(t, k.Close(*fd))
	*fd = -1
}

// tcp returns two connected TCP sockets on the loopback interface.
func tcp(t testing.TB, k sys.Kernel) *[2]int {
	t.Helper()
	l, to := listener(t, k, "127.0.0.1:0")
	defer k.Close(l)
	c, e := k.Socket(to.Family, unix.SOCK_STREAM, 0)
	must(t, e)
	if e := k.Connect(c, &to); e != 0 && e != unix.EINPROGRESS {
		t.Fatal(e)
	}
	s, _ := accept(t, k, l)
	return closing(t, k, [2]int{c, s})
}

func accept(t testing.TB, k sys.Kernel, l int) (int, sys.Addr) {
	t.Helper()
	for {
		fd, a, e := k.Accept(l)
		if e == 0 {
			return fd, a
		}
		wantErrno(t, e, unix.EAGAIN)
		runtime.Gosched()
	}
}

func send(t testing.TB, k sys.Kernel, fd int, s string) {
	t.Helper()
	n, e := k.Sendmsg(fd, &sys.Msg{Bufs: [][]byte{[]byte(s)}})
	must(t, e)
	if n != len(s) {
		t.Fatalf("sent %d of %d", n, len(s))
	}
}

func recv(t testing.TB, k sys.Kernel, fd int) string {
	t.Helper()
	b := make([]byte, 1024)
	n, e := k.Recvmsg(fd, &sys.Msg{Bufs: [][]byte{b}})
	must(t, e)
	return string(b[:n])
}

// fill sends until the socket takes no more, and returns how much it took.
func fill(t testing.TB, k sys.Kernel, fd int) (sum int) {
	t.Helper()
	m := &sys.Msg{Bufs: [][]byte{make([]byte, 32<<10)}}
	for {
		n, e := k.Sendmsg(fd, m)
		if e == unix.EAGAIN {
			return sum
		}
		must(t, e)
		sum += n
	}
}

// drain receives until there is nothing left.
func drain(t testing.TB, k sys.Kernel, fd int) (sum int) {
	t.Helper()
	m := &sys.Msg{Bufs: [][]byte{make([]byte, 32<<10)}}
	for {
		n, e := k.Recvmsg(fd, m)
		if e == unix.EAGAIN {
			return sum
		}
		must(t, e)
		sum += n
	}
}

// expect waits once and checks that just these events come.
func expect(t testing.TB, p sys.Poller, deadline int64, want ...sys.Event) {
	t.Helper()
	events := make([]sys.Event, 16)
	n, e := p.Wait(events, deadline)
	must(t, e)
	if n != len(want) {
		t.Fatalf("events %v, want %v", events[:n], want)
	}
	for i, w := range want {
		if events[i] != w {
			t.Fatalf("events %v, want %v", events[:n], want)
		}
	}
}

// whenAsleep calls f on a goroutine as soon as the loop of p is asleep; the
// test ends after f.
func (on System) whenAsleep(t testing.TB, p sys.Poller, f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !on.Asleep(p) {
			runtime.Gosched()
		}
		f()
	}()
	t.Cleanup(func() { <-done })
}

// until waits for ready and returns all that was reported on the way.
func until(t testing.TB, p sys.Poller, ready sys.Ready) (got sys.Ready) {
	t.Helper()
	events := make([]sys.Event, 16)
	for got&ready == 0 {
		n, e := p.Wait(events, sys.Never)
		must(t, e)
		for _, ev := range events[:n] {
			got |= ev.Ready
		}
	}
	return got
}

// listener returns a socket that the caller closes, and its address.
func listener(t testing.TB, k sys.Kernel, at string) (int, sys.Addr) {
	t.Helper()
	a := sys.Addr{Family: unix.AF_INET, Inet: netip.MustParseAddrPort(at)}
	if a.Inet.Addr().Is6() {
		a.Family = unix.AF_INET6
	}
	fd, e := k.Socket(a.Family, unix.SOCK_STREAM, 0)
	must(t, e)
	must(t, k.Bind(fd, &a))
	must(t, k.Listen(fd, 8))
	a, e = k.Sockname(fd)
	must(t, e)
	return fd, a
}

func inet(family int, s string) sys.Addr {
	return sys.Addr{Family: family, Inet: netip.MustParseAddrPort(s)}
}

func unixSocket(t *testing.T, k sys.Kernel) int {
	t.Helper()
	fd, e := k.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, e)
	t.Cleanup(func() { k.Close(fd) })
	return fd
}
