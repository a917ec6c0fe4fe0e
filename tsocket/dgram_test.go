//go:build linux

package tsocket_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// untilFull sends from a until a send waits, which it returns with how many went
// before.
func untilFull(b *bt.Backend, send func() tevent.Req[int]) (tevent.Req[int], int) {
	b.Helper()
	for n := range 100000 {
		r := send()
		for range 3 {
			b.Look()
		}
		if r.InProgress() {
			return r, n
		}
		_, err := r.Result()
		must(b, err)
	}
	b.Fatal("never full")
	return tevent.Req[int]{}, 0
}

// A receiver of unix datagrams that has no room tells a sender nothing unless it
// is connected.
func TestASendToAFullUnixSocketWaitsForRoom(t *testing.T) {
	for _, connected := range []bool{false, true} {
		bt.Each(t, func(b *bt.Backend) {
			peer := endpoint(b, address(b, abstract("dgram-full")), tsocket.Address{})
			to, remote := peer.LocalAddr(), tsocket.Address{}
			if connected {
				to, remote = remote, to
			}
			a := endpoint(b, address(b, abstract("dgram-sender")), remote)
			r, n := untilFull(b, func() tevent.Req[int] { return a.Sendto([]byte("x"), to) })
			fails(b, b.Ev, a.Sendto(nil, to), syscall.EBUSY)
			r.Cancel()
			fails(b, b.Ev, r, context.Canceled)
			r = a.Sendto([]byte("last"), to)
			for range n {
				if g := done(b, b.Ev, peer.Recvfrom(make([]byte, 9))); g.N != 1 {
					b.Fatal(g)
				}
			}
			done(b, b.Ev, r)
			if g := done(b, b.Ev, peer.Recvfrom(make([]byte, 9))); g.N != 4 {
				b.Fatal(g)
			}
		})
	}
}

func TestADatagramThatIsLongerThanTheBufferMakesItLonger(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		peer := endpoint(b, address(b, abstract("dgram-long")), tsocket.Address{})
		a := endpoint(b, tsocket.Address{}, peer.LocalAddr())
		text := make([]byte, 300<<10)
		text[len(text)-1] = 1
		if n := done(b, b.Ev, a.Sendto(text, tsocket.Address{})); n != len(text) {
			b.Fatal(n)
		}
		buf := make([]byte, len(text)+1)
		if g := done(b, b.Ev, peer.Recvfrom(buf)); g.N != len(text) || buf[g.N-1] != 1 {
			b.Fatal(g)
		}
	})
}

// Who has no name is an unnamed unix address.
func TestASenderWithoutANameIsToldAsSuch(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		peer := endpoint(b, address(b, abstract("dgram-unnamed")), tsocket.Address{})
		a := endpoint(b, tsocket.Address{}, peer.LocalAddr())
		done(b, b.Ev, a.Sendto([]byte("x"), tsocket.Address{}))
		if g := done(b, b.Ev, peer.Recvfrom(make([]byte, 9))); !g.From.IsUnix() || g.From.UnixPath() != "" {
			b.Fatal(g)
		}
	})
}

func TestOpenDgramRefuses(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		none := tsocket.Address{}
		four, six, name := address(b, "127.0.0.1:0"), address(b, "[::1]:9"), address(b, abstract("dgram-none"))
		taken := udp(b).LocalAddr()
		for _, c := range []struct {
			local, remote tsocket.Address
			want          syscall.Errno
		}{
			{none, none, syscall.EINVAL},
			{four, six, syscall.EINVAL},
			{four, name, syscall.EINVAL},
			{name, four, syscall.EINVAL},
			{taken, none, syscall.EADDRINUSE},
			{none, name, syscall.ECONNREFUSED},
			{none, address(b, "unix:/nowhere"), syscall.ENOENT},
		} {
			d, err := tsocket.OpenDgram(b.Ev, c.local, c.remote)
			if d != nil {
				b.Errorf("%v to %v: opened", c.local, c.remote)
			}
			is(b, err, c.want)
		}
	})
}

// As tevent: the family follows the peer's.
func TestEveryLocalAddressIsOfThePeersFamily(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		peer := udp(b)
		a := endpoint(b, address(b, "[::]:0"), peer.LocalAddr())
		done(b, b.Ev, a.Sendto([]byte("x"), tsocket.Address{}))
		g := done(b, b.Ev, peer.Recvfrom(make([]byte, 9)))
		if g.From != a.LocalAddr() {
			b.Fatalf("%v from %v", g, a.LocalAddr())
		}
	})
}

func TestAnEndpointOfEveryAddressServesBothFamilies(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		all := endpoint(b, address(b, "[::]:0"), tsocket.Address{})
		a := udp(b)
		at := tsocket.Inet(netipPort(a.LocalAddr().AddrPort(), int(all.LocalAddr().AddrPort().Port())))
		done(b, b.Ev, a.Sendto([]byte("x"), at))
		g := done(b, b.Ev, all.Recvfrom(make([]byte, 9)))
		if g.From != a.LocalAddr() {
			b.Fatal(g)
		}
		done(b, b.Ev, all.Sendto([]byte("back"), g.From))
		if g := done(b, b.Ev, a.Recvfrom(make([]byte, 9))); g.N != 4 || g.From != at {
			b.Fatal(g)
		}
	})
}

func TestCloseRemovesTheNameOfAUnixEndpoint(t *testing.T) {
	ev := teventtest.New(t)
	path := filepath.Join(t.TempDir(), "s")
	d, err := tsocket.OpenDgram(ev, address(t, "unix:"+path), tsocket.Address{})
	must(t, err)
	_, err = tsocket.OpenDgram(ev, address(t, "unix:"+path), tsocket.Address{})
	is(t, err, syscall.EADDRINUSE)
	if _, err := os.Lstat(path); err != nil {
		t.Fatal("a second endpoint has removed the name of the first")
	}
	must(t, d.Close())
	if _, err := os.Lstat(path); err == nil {
		t.Error("the name is left")
	}
}

func TestDgramFromFDTakesNoStream(t *testing.T) {
	ev := teventtest.New(t)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(t, err)
	defer unix.Close(fds[1])
	_, err = tsocket.DgramFromFD(ev, fds[0])
	is(t, err, syscall.EPROTOTYPE)
	if err := unix.Close(fds[0]); err != unix.EBADF {
		t.Error("the descriptor is open", err)
	}
}

func TestDescriptorsThatNobodyAskedForAreClosed(t *testing.T) {
	ev := teventtest.New(t)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	must(t, err)
	defer unix.Close(fds[1])
	d, err := tsocket.DgramFromFD(ev, fds[0])
	must(t, err)
	defer d.Close()
	before, err := linux.Descriptors()
	must(t, err)
	for _, batch := range []bool{false, true} {
		must(t, unix.Sendmsg(fds[1], []byte("x"), unix.UnixRights(fds[0], fds[1]), nil, 0))
		if batch {
			done(t, ev, d.RecvBatch([]tsocket.Packet{{Buf: make([]byte, 9)}, {}}))
		} else {
			done(t, ev, d.Recvfrom(make([]byte, 9)))
		}
	}
	after, err := linux.Descriptors()
	must(t, err)
	if len(after) != len(before) {
		t.Errorf("%d descriptors before, %d after", len(before), len(after))
	}
}
