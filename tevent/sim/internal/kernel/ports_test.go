package kernel

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// tryBind binds a new TCP socket with some options set.
func (w *world) tryBind(at string, opts ...int) (int, sys.Errno) {
	w.Helper()
	a := inet(at)
	fd := w.fd(w.a.Socket(a.Family, syscall.SOCK_STREAM, 0))
	for _, o := range opts {
		level := syscall.SOL_SOCKET
		if o == syscall.IPV6_V6ONLY {
			level = syscall.IPPROTO_IPV6
		}
		w.ok(w.a.SetSockopt(fd, level, o, 1))
	}
	return fd, w.a.Bind(fd, a)
}

func TestAPortHasOneHolder(t *testing.T) {
	for _, c := range []struct {
		first, second string
		opts          []int
		want          sys.Errno
	}{
		{"10.0.0.1:80", "10.0.0.1:80", nil, syscall.EADDRINUSE},
		{"10.0.0.1:80", "127.0.0.1:80", nil, 0},
		{"10.0.0.1:80", "0.0.0.0:80", nil, syscall.EADDRINUSE},
		{"0.0.0.0:80", "127.0.0.1:80", nil, syscall.EADDRINUSE},
		{"0.0.0.0:80", "[::]:80", nil, syscall.EADDRINUSE},
		{"[::]:80", "10.0.0.1:80", nil, syscall.EADDRINUSE},
		{"0.0.0.0:80", "[::]:80", []int{syscall.IPV6_V6ONLY}, 0},
		{"10.0.0.1:80", "10.0.0.1:80", []int{syscall.SO_REUSEADDR}, 0},
		{"10.0.0.1:80", "10.0.0.1:80", []int{sys.SoReusePort}, 0},
		{"10.0.0.1:80", "10.0.0.7:80", nil, syscall.EADDRNOTAVAIL},
	} {
		w := newWorld(t)
		first := c.opts
		if len(first) > 0 && first[0] == syscall.IPV6_V6ONLY {
			first = nil
		}
		_, e := w.tryBind(c.first, first...)
		w.ok(e)
		if _, e := w.tryBind(c.second, c.opts...); e != c.want {
			t.Errorf("%s after %s: %v, want %v", c.second, c.first, e, c.want)
		}
	}
}

func TestOneOfThoseWhoReuseAnAddressListens(t *testing.T) {
	w := newWorld(t)
	first, e := w.tryBind("10.0.0.1:80", syscall.SO_REUSEADDR)
	w.ok(e)
	second, e := w.tryBind("10.0.0.1:80", syscall.SO_REUSEADDR)
	w.ok(e)
	w.ok(w.a.Listen(first, 1))
	w.want(w.a.Listen(second, 1), syscall.EADDRINUSE)
	_, e = w.tryBind("10.0.0.1:80", syscall.SO_REUSEADDR)
	w.want(e, syscall.EADDRINUSE)
}

func TestListenersThatShareAPortShareConnections(t *testing.T) {
	w := newWorld(t)
	var ls [2]int
	for i := range ls {
		fd, e := w.tryBind("10.0.0.1:80", sys.SoReusePort)
		w.ok(e)
		w.ok(w.a.Listen(fd, 50))
		ls[i] = fd
	}
	for range 40 {
		w.dial(w.b, "10.0.0.1:80")
	}
	w.settle(soon)
	for _, l := range ls {
		n := 0
		for ; ; n++ {
			if _, _, e := w.a.Accept(l); e != 0 {
				break
			}
		}
		if n < 5 || n > 35 {
			t.Errorf("%d of 40", n)
		}
	}
}

func TestADualStackListenerTakesBothFamilies(t *testing.T) {
	w := newWorld(t)
	l := w.listen(w.b, "[::]:80", 8)
	w.dial(w.a, "10.0.0.2:80")
	w.settle(soon)
	w.dial(w.a, "[fd00::2]:80")
	w.settle(soon)
	for _, want := range []string{"::ffff:10.0.0.1", "fd00::1"} {
		_, peer, e := w.b.Accept(l)
		w.ok(e)
		if peer.Inet.Addr() != ip(want) {
			t.Error(peer, want)
		}
	}
}

func TestEphemeralPortsRunOut(t *testing.T) {
	w := newWorld(t)
	w.listen(w.b, "10.0.0.2:80", 100)
	w.listen(w.b, "10.0.0.2:81", 100)
	w.a.Host().Limits.First, w.a.Host().Limits.Last = 5000, 5007
	var fds []int
	for range 8 {
		fds = append(fds, w.dial(w.a, "10.0.0.2:80"))
	}
	more := w.fd(w.a.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))
	w.want(w.a.Connect(more, inet("10.0.0.2:80")), syscall.EADDRNOTAVAIL)
	w.want(w.a.Connect(more, inet("10.0.0.2:81")), syscall.EINPROGRESS) // the pair of addresses counts
	w.settle(soon)
	w.ok(w.a.SetSockopt(fds[0], syscall.SOL_SOCKET, syscall.SO_LINGER, 0))
	w.ok(w.a.Close(fds[0]))
	w.dial(w.a, "10.0.0.2:80")
}

func TestTimeWaitKeepsAPort(t *testing.T) {
	w := newWorld(t)
	l, c := w.listen(w.b, "10.0.0.2:80", 8), w.fd(w.a.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))
	w.ok(w.a.Bind(c, inet("10.0.0.1:7000")))
	w.want(w.a.Connect(c, inet("10.0.0.2:80")), syscall.EINPROGRESS)
	w.settle(soon)
	s, _, e := w.b.Accept(l)
	w.ok(e)
	w.ok(w.a.Close(c))
	w.settle(soon)
	w.ok(w.b.Close(s))
	w.settle(soon)
	_, e = w.tryBind("10.0.0.1:7000")
	w.want(e, syscall.EADDRINUSE)
	w.settle(61 * second)
	_, e = w.tryBind("10.0.0.1:7000")
	w.ok(e)
}
