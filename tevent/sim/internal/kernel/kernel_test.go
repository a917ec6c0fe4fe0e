package kernel

import (
	"net/netip"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// alone lets the network go on until its process has something to do.
type alone struct{ n *Net }

func (s alone) Park(p *Proc, deadline int64) {
	for !p.Runnable() {
		at, ok := s.n.Next()
		if !ok || at > deadline {
			s.n.Advance(deadline)
			return
		}
		s.n.Step()
	}
}

// world is two hosts with a process each.
type world struct {
	*testing.T
	n    *Net
	a, b *Proc
}

func newWorld(t *testing.T) *world {
	n := New(1)
	a, b := n.Host(ip("10.0.0.1"), ip("fd00::1")), n.Host(ip("10.0.0.2"), ip("fd00::2"))
	return &world{t, n, a.Proc("a", alone{n}), b.Proc("b", alone{n})}
}

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

func inet(s string) *sys.Addr {
	a := netip.MustParseAddrPort(s)
	if a.Addr().Is4() {
		return &sys.Addr{Family: syscall.AF_INET, Inet: a}
	}
	return &sys.Addr{Family: syscall.AF_INET6, Inet: a}
}

func path(s string) *sys.Addr { return &sys.Addr{Family: syscall.AF_UNIX, Path: s} }

func msg(b ...[]byte) *sys.Msg { return &sys.Msg{Bufs: b} }

func (w *world) ok(e sys.Errno) {
	w.Helper()
	if e != 0 {
		w.Fatalf("%v", e)
	}
}

func (w *world) want(got, want sys.Errno) {
	w.Helper()
	if got != want {
		w.Fatalf("got %q, want %q", got, want)
	}
}

// fd is the first result of a call that must succeed.
func (w *world) fd(fd int, e sys.Errno) int {
	w.Helper()
	w.ok(e)
	return fd
}

// settle lets d nanoseconds pass.
func (w *world) settle(d int64) { w.n.Advance(w.n.Now() + d) }

const (
	soon   = int64(50e6)
	second = int64(1e9)
)

func (w *world) listen(p *Proc, at string, backlog int) int {
	w.Helper()
	a := inet(at)
	fd := w.fd(p.Socket(a.Family, syscall.SOCK_STREAM, 0))
	w.ok(p.Bind(fd, a))
	w.ok(p.Listen(fd, backlog))
	return fd
}

// dial starts a connection.
func (w *world) dial(p *Proc, to string) int {
	w.Helper()
	a := inet(to)
	fd := w.fd(p.Socket(a.Family, syscall.SOCK_STREAM, 0))
	w.want(p.Connect(fd, a), syscall.EINPROGRESS)
	return fd
}

// pair is a connection from a to b.
func (w *world) pair() (c, s int) {
	w.Helper()
	l := w.listen(w.b, "10.0.0.2:80", 8)
	c = w.dial(w.a, "10.0.0.2:80")
	w.settle(soon)
	s, _, e := w.b.Accept(l)
	w.ok(e)
	w.ok(w.b.Close(l))
	return c, s
}

func (w *world) send(p *Proc, fd int, text string) {
	w.Helper()
	n, e := p.Sendmsg(fd, msg([]byte(text)))
	w.ok(e)
	if n != len(text) {
		w.Fatalf("sent %d of %d", n, len(text))
	}
}

// recv receives once.
func (w *world) recv(p *Proc, fd int) string {
	w.Helper()
	b := make([]byte, 1<<16)
	n, e := p.Recvmsg(fd, msg(b))
	w.ok(e)
	return string(b[:n])
}

func (w *world) recvFails(p *Proc, fd int, want sys.Errno) {
	w.Helper()
	_, e := p.Recvmsg(fd, msg(make([]byte, 8)))
	w.want(e, want)
}

func (w *world) soError(p *Proc, fd int, want sys.Errno) {
	w.Helper()
	v, e := p.Sockopt(fd, syscall.SOL_SOCKET, sys.SoError)
	w.ok(e)
	w.want(sys.Errno(v), want)
}

// ready is what poll says of fd.
func ready(p *Proc, fd int) sys.Ready { return p.table.get(fd).obj.poll(0xff) }

func (w *world) isReady(p *Proc, fd int, want sys.Ready) {
	w.Helper()
	if got := ready(p, fd); got != want {
		w.Fatalf("ready %06b, want %06b", got, want)
	}
}
