//go:build linux

package tsocket_test

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// closedPort is an address on which nobody listens.
func closedPort(t testing.TB, ev *tevent.Context) tsocket.Address {
	t.Helper()
	l := listen(t, ev, address(t, "127.0.0.1:0"))
	l.Close()
	return l.Addr()
}

func TestConnectIsRefused(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	addr := closedPort(t, ev)
	s := fails(t, ev, tsocket.Connect(ev, addr), syscall.ECONNREFUSED)
	if s != nil {
		t.Fatal("a stream beside an error")
	}
	_, err := tevent.Wait(ev, tsocket.Connect(ev, addr))
	e, ok := err.(*net.OpError)
	if !ok || e.Op != "connect" || e.Net != "tcp" || e.Addr.String() != addr.String() {
		t.Fatalf("the error is %#v", err)
	}
}

func TestConnectToAMissingUnixPath(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	path := filepath.Join(t.TempDir(), "none")
	fails(t, ev, tsocket.Connect(ev, address(t, "unix:"+path)), syscall.ENOENT, os.ErrNotExist)
	fails(t, ev, tsocket.Connect(ev, address(t, "unix:@nobody listens here")), syscall.ECONNREFUSED)
}

func TestConnectRefusesWhatMakesNoSense(t *testing.T) {
	ev := teventtest.New(t)
	four, six, path := address(t, "127.0.0.1:1"), address(t, "[::1]:1"), address(t, "unix:/x")
	for _, c := range [][2]tsocket.Address{{{}, {}}, {four, path}, {path, four}, {six, four}, {four, six}} {
		fails(t, ev, tsocket.ConnectFrom(ev, c[0], c[1]), syscall.EINVAL)
	}
}

func TestConnectTellsAddresses(t *testing.T) {
	ev := teventtest.New(t)
	for _, local := range []tsocket.Address{{}, address(t, "127.0.0.1:0"), address(t, "[::]:0")} {
		l := listen(t, ev, address(t, "127.0.0.1:0"))
		accept := l.Accept()
		a := done(t, ev, tsocket.ConnectFrom(ev, local, l.Addr()))
		b := done(t, ev, accept)
		closing(t, a, b)
		if a.LocalAddr() != b.RemoteAddr() || a.RemoteAddr() != b.LocalAddr() || a.LocalAddr().AddrPort().Port() == 0 {
			t.Errorf("%v -> %v is %v -> %v for the peer", a.LocalAddr(), a.RemoteAddr(), b.RemoteAddr(), b.LocalAddr())
		}
	}
}

func TestConnectFromAUnixPath(t *testing.T) {
	ev := teventtest.New(t)
	dir := t.TempDir()
	l := listen(t, ev, address(t, "unix:"+filepath.Join(dir, "l")))
	accept := l.Accept()
	from := address(t, "unix:"+filepath.Join(dir, "c"))
	a := done(t, ev, tsocket.ConnectFrom(ev, from, l.Addr()))
	b := done(t, ev, accept)
	closing(t, a, b)
	if b.RemoteAddr() != from {
		t.Errorf("the peer is %v", b.RemoteAddr())
	}
}

func TestConnectOverAnAbstractName(t *testing.T) {
	ev := teventtest.New(t)
	name := abstract(t.Name())
	a, b := connected(t, ev, address(t, name))
	closing(t, a, b)
	if a.RemoteAddr().String() != name || b.LocalAddr().String() != name {
		t.Errorf("connected to %v at %v", a.RemoteAddr(), b.LocalAddr())
	}
	write(t, ev, a, "x")
	read(t, ev, b, "x")
}

func TestConnectToAFullUnixListenerIsRetried(t *testing.T) {
	ev := teventtest.New(t)
	l, err := tsocket.ListenConfig{Backlog: 1}.Listen(ev, address(t, "unix:"+filepath.Join(t.TempDir(), "s")))
	must(t, err)
	t.Cleanup(func() { l.Close() })
	const n = 8
	var all []tevent.Req[*tsocket.Stream]
	for range n {
		all = append(all, tsocket.Connect(ev, l.Addr()))
	}
	turns(t, ev, 10)
	if !all[n-1].InProgress() {
		t.Fatal("a full listener does not let wait")
	}
	for range n {
		closing(t, done(t, ev, l.Accept()))
	}
	for _, r := range all {
		closing(t, done(t, ev, r))
	}
}

// full is a listener that takes no connection any more.
func full(t testing.TB, ev *tevent.Context, addr tsocket.Address) *tsocket.Listener {
	t.Helper()
	l, err := tsocket.ListenConfig{Backlog: 1}.Listen(ev, addr)
	must(t, err)
	t.Cleanup(func() { l.Close() })
	for range 2 {
		closing(t, done(t, ev, tsocket.Connect(ev, l.Addr())))
	}
	return l
}

func TestConnectCanBeCancelledAndTimesOut(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", abstract(t.Name())} {
		t.Run(address(t, addr).Network(), func(t *testing.T) {
			teventtest.Process(t)
			ev := teventtest.New(t)
			l := full(t, ev, address(t, addr))
			r := tsocket.Connect(ev, l.Addr())
			turns(t, ev, 3)
			if !r.Cancel() {
				t.Fatal("a connect cannot be cancelled")
			}
			fails(t, ev, r, context.Canceled)
			_, err := tevent.Wait(ev, tsocket.Connect(ev, l.Addr()).SetTimeout(time.Millisecond))
			is(t, err, os.ErrDeadlineExceeded)
			tsocket.Connect(ev, l.Addr()).Drop()
		})
	}
}

func TestConnectionToItselfIsRefused(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	addr := closedPort(t, ev)
	fails(t, ev, tsocket.ConnectFrom(ev, addr, addr), syscall.ECONNREFUSED)
}

func TestConnectThatNobodyReceivesIsClosed(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	l := listen(t, ev, address(t, abstract(t.Name())))
	r := tsocket.Connect(ev, l.Addr())
	r.Drop() // finished already, and not received
	tsocket.Connect(ev, l.Addr()).Ignore()
	turns(t, ev, 3)
	for range 2 {
		s := done(t, ev, l.Accept())
		closing(t, s)
		_, err := tevent.Wait(ev, s.Readv(make([]byte, 1)))
		is(t, err, atEnd...)
	}
}

func TestConnectFromAnAddressInUse(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	l := listen(t, ev, address(t, "127.0.0.1:0"))
	fails(t, ev, tsocket.ConnectFrom(ev, l.Addr(), l.Addr()), syscall.EADDRINUSE)
	far := tsocket.Inet(netip.MustParseAddrPort("192.0.2.1:0"))
	fails(t, ev, tsocket.ConnectFrom(ev, far, l.Addr()), syscall.EADDRNOTAVAIL)
}
