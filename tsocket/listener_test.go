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

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestAcceptPausesWhenDescriptorsRunOut(t *testing.T) {
	for _, errno := range []syscall.Errno{unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM} {
		t.Run(unix.ErrnoName(errno), func(t *testing.T) {
			ev, in := injected(t)
			l := listen(t, ev, address(t, "127.0.0.1:0"))
			defer unix.Close(raw(t, l))
			f := in.Inject(fault.Plan{Call: fault.Accept, Errno: errno, Persistent: true})
			r := l.Accept()
			for f.Fired() < 3 { // the pauses grow from 10 to 100 ms
				must(t, ev.LoopOnce())
			}
			if waits := in.Count(fault.Wait); waits > 20 {
				t.Errorf("%d turns for three tries", waits)
			}
			if !r.InProgress() {
				t.Fatal("Accept did not wait")
			}
			f.Stop()
			closing(t, done(t, ev, r))
		})
	}
}

func TestAcceptSkipsAbortedConnections(t *testing.T) {
	for _, errno := range []syscall.Errno{unix.ECONNABORTED, unix.EPROTO, unix.EPERM, unix.ENETDOWN, unix.EINTR} {
		t.Run(unix.ErrnoName(errno), func(t *testing.T) {
			ev, in := injected(t)
			l := listen(t, ev, address(t, "127.0.0.1:0"))
			defer unix.Close(raw(t, l))
			f := in.Inject(fault.Plan{Call: fault.Accept, Errno: errno})
			closing(t, done(t, ev, l.Accept()))
			if f.Fired() != 1 {
				t.Errorf("the fault fired %d times", f.Fired())
			}
		})
	}
}

func TestAcceptThatIsAbortedForEverDoesNotSpin(t *testing.T) {
	ev, in := injected(t)
	l := listen(t, ev, address(t, "127.0.0.1:0"))
	defer unix.Close(raw(t, l))
	f := in.Inject(fault.Plan{Call: fault.Accept, Errno: unix.ECONNABORTED, Persistent: true})
	r := l.Accept()
	for f.Fired() < 40 {
		must(t, ev.LoopOnce())
	}
	if waits := in.Count(fault.Wait); waits > 20 {
		t.Errorf("%d turns", waits)
	}
	f.Stop()
	closing(t, done(t, ev, r))
}

func TestAcceptBesideAcceptIsBusy(t *testing.T) {
	ev := teventtest.New(t)
	l := listen(t, ev, address(t, "127.0.0.1:0"))
	r := l.Accept()
	fails(t, ev, l.Accept(), syscall.EBUSY)
	r.Cancel()
	fails(t, ev, r, context.Canceled)
	r = l.Accept() // a cancel leaves the listener as it was
	a := done(t, ev, tsocket.Connect(ev, l.Addr()))
	closing(t, a, done(t, ev, r))
	r = l.Accept()
	must(t, l.Close())
	must(t, l.Close())
	fails(t, ev, r, net.ErrClosed)
	fails(t, ev, l.Accept(), net.ErrClosed)
}

func TestAcceptDuringAPauseCanBeCancelled(t *testing.T) {
	ev, in := injected(t)
	l := listen(t, ev, address(t, "127.0.0.1:0"))
	defer unix.Close(raw(t, l))
	in.Inject(fault.Plan{Call: fault.Accept, Errno: unix.EMFILE})
	r := l.Accept()
	turns(t, ev, 1)
	r.Cancel()
	fails(t, ev, r, context.Canceled)
	closing(t, done(t, ev, l.Accept()))
}

func TestAcceptedStreamThatNobodyReceivesIsClosed(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	l := listen(t, ev, address(t, "127.0.0.1:0"))
	fd := raw(t, l)
	defer unix.Close(fd)
	l.Accept().Drop()
	if s := rawRead(t, fd, 1); s != "" {
		t.Errorf("read %q", s)
	}
}

func TestReusePort(t *testing.T) {
	ev := teventtest.New(t)
	c := tsocket.ListenConfig{ReusePort: true}
	x, err := c.Listen(ev, address(t, "127.0.0.1:0"))
	must(t, err)
	defer x.Close()
	y, err := c.Listen(ev, x.Addr())
	must(t, err)
	defer y.Close()
	_, err = tsocket.Listen(ev, x.Addr())
	is(t, err, syscall.EADDRINUSE)
}

func TestUnixListenerOwnsItsPath(t *testing.T) {
	ev := teventtest.New(t)
	path := filepath.Join(t.TempDir(), "s")
	l := listen(t, ev, address(t, "unix:"+path))
	if _, err := os.Lstat(path); err != nil {
		t.Fatal(err)
	}
	_, err := tsocket.Listen(ev, l.Addr())
	is(t, err, syscall.EADDRINUSE)
	must(t, l.Close())
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Fatalf("after Close: %v", err)
	}
	listen(t, ev, address(t, "unix:"+path))
}

func TestListenRefusesWhatMakesNoSense(t *testing.T) {
	ev := teventtest.New(t)
	_, err := tsocket.Listen(ev, tsocket.Address{})
	is(t, err, syscall.EINVAL)
	_, err = tsocket.Listen(ev, address(t, "192.0.2.1:0"))
	is(t, err, syscall.EADDRNOTAVAIL)
	_, err = tsocket.Listen(ev, address(t, "unix:/no/such/place"))
	is(t, err, syscall.ENOENT)
}

func TestListenServesBothFamilies(t *testing.T) {
	ev := teventtest.New(t)
	l := listen(t, ev, address(t, ":0"))
	port := l.Addr().AddrPort().Port()
	for _, host := range []string{"127.0.0.1", "::1"} {
		accept := l.Accept()
		to := netip.AddrPortFrom(netip.MustParseAddr(host), port)
		a := done(t, ev, tsocket.Connect(ev, tsocket.Inet(to)))
		b := done(t, ev, accept)
		closing(t, a, b)
		if got := b.RemoteAddr().AddrPort().Addr().String(); got != host {
			t.Errorf("a peer at %s comes from %s", host, got)
		}
	}
}

func TestListenWithoutIPv6ServesIPv4(t *testing.T) {
	for _, p := range []fault.Plan{
		{Call: fault.Socket, Errno: unix.EAFNOSUPPORT},
		{Call: fault.Bind, Errno: unix.EADDRNOTAVAIL},
	} {
		t.Run(p.String(), func(t *testing.T) {
			ev, in := injected(t)
			in.Inject(p)
			l := listen(t, ev, address(t, ":0"))
			if !l.Addr().AddrPort().Addr().Is4() {
				t.Fatalf("listening at %v", l.Addr())
			}
			defer unix.Close(raw(t, l))
			closing(t, done(t, ev, l.Accept()))
			in.Inject(p)
			_, err := tsocket.Listen(ev, address(t, "[::1]:0")) // not everywhere: no way round
			is(t, err, p.Errno)
		})
	}
}

func TestAListenerTakes16ConnectionsPerTurn(t *testing.T) {
	ev, in := injected(t)
	l := listen(t, ev, address(t, "127.0.0.1:0"))
	const n = 40
	for range n {
		fd := raw(t, l)
		defer unix.Close(fd)
	}
	got := 0
	var take func(tevent.Req[*tsocket.Stream])
	take = func(r tevent.Req[*tsocket.Stream]) {
		s, err := r.Result()
		if err != nil {
			return // closed
		}
		closing(t, s)
		got++
		l.Accept().SetCallback(take)
	}
	l.Accept().SetCallback(take)
	in.Record(true)
	for got < n {
		turns(t, ev, 1)
	}
	row := 0
	for _, e := range in.Log() {
		switch e.Call {
		case fault.Accept:
			row++
		case fault.Wait:
			row = 0
		}
		if row > 16 {
			t.Fatalf("more than 16 accepts between two waits")
		}
	}
	l.Close()
	turns(t, ev, 1)
}

func TestTCPDefaultsAreThoseOfNet(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tcpPair(t, ev)
	for _, s := range []*tsocket.Stream{a, b} {
		fd, over, err := s.ReleaseFD()
		must(t, err)
		defer unix.Close(fd)
		if over != nil {
			t.Errorf("%q was over-read", over)
		}
		for _, o := range []struct{ level, opt, want int }{
			{unix.IPPROTO_TCP, unix.TCP_NODELAY, 1},
			{unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
			{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 15},
			{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 15},
		} {
			if v, err := unix.GetsockoptInt(fd, o.level, o.opt); err != nil || v != o.want {
				t.Errorf("option %d of level %d is %d, %v; want %d", o.opt, o.level, v, err, o.want)
			}
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("the descriptor survives exec: %#x, %v", flags, err)
		}
	}
}
