//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// udp returns a socket bound to the loopback address, and its address.
func udp(t testing.TB, k sys.Kernel) (int, sys.Addr) {
	t.Helper()
	fd, e := k.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	must(t, e)
	t.Cleanup(func() { k.Close(fd) })
	must(t, k.Bind(fd, &sys.Addr{Family: unix.AF_INET, Inet: netip.MustParseAddrPort("127.0.0.1:0")}))
	a, e := k.Sockname(fd)
	must(t, e)
	return fd, a
}

func (on System) PacketTellsItsSourceItsLengthAndWhatDidNotFit(t *testing.T) {
	k := on.Kernel()
	a, from := udp(t, k)
	b, to := udp(t, k)
	for _, c := range []struct {
		sent string
		cut  sys.Cut
	}{{"", 0}, {"abcd", 0}, {"abcdefg", sys.CutBytes}} {
		n, e := k.SendPacket(a, &sys.Packet{Msg: sys.Msg{Bufs: [][]byte{[]byte(c.sent)[:len(c.sent)/2], []byte(c.sent)[len(c.sent)/2:]}}, Addr: to})
		must(t, e)
		if n != len(c.sent) {
			t.Errorf("sent %d of %q", n, c.sent)
		}
		p := sys.Packet{Msg: sys.Msg{Bufs: [][]byte{make([]byte, 1), make([]byte, 3)}}}
		n, e = k.RecvPacket(b, &p)
		must(t, e)
		got := string(p.Bufs[0]) + string(p.Bufs[1])
		if want := c.sent[:min(4, len(c.sent))]; n != len(want) || got[:n] != want || p.Addr != from || p.Cut != c.cut {
			t.Errorf("received %d of %q from %v, cut %v; sent %q from %v", n, got, p.Addr, p.Cut, c.sent, from)
		}
	}
	_, e := k.RecvPacket(b, &sys.Packet{})
	wantErrno(t, e, unix.EAGAIN)
}

// An odd number is the one where the padding of the control message would fit
// one more.
// descriptors is how many of the process are open.
func descriptors() (n int) {
	for fd := range uintptr(4096) {
		if _, err := unix.FcntlInt(fd, unix.F_GETFD, 0); err == nil {
			n++
		}
	}
	return n
}

func (on System) DescriptorsComeAsFarAsThereIsRoom(t *testing.T) {
	for _, room := range []int{0, 1, 2, 3, 4} {
		k := on.Kernel()
		fds := pair(t, k)
		before := descriptors()
		_, e := k.SendPacket(fds[0], &sys.Packet{Msg: sys.Msg{Bufs: [][]byte{{1}}}, Rights: []int{fds[0], fds[1], fds[0]}})
		must(t, e)
		p := sys.Packet{Msg: sys.Msg{Bufs: [][]byte{make([]byte, 8)}}, Rights: make([]int, 0, room)}
		_, e = k.RecvPacket(fds[1], &p)
		must(t, e)
		if cut := p.Cut == sys.CutRights; len(p.Rights) != min(room, 3) || cut != (room < 3) {
			t.Errorf("room for %d: %d came, cut %v", room, len(p.Rights), p.Cut)
		}
		for _, fd := range p.Rights {
			flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
			if err != nil || flags&unix.FD_CLOEXEC == 0 {
				t.Errorf("descriptor %d: flags %d, %v", fd, flags, err)
			}
			must(t, k.Close(fd))
		}
		if after := descriptors(); after != before {
			t.Errorf("room for %d: %d descriptors before, %d after", room, before, after)
		}
	}
}

func (on System) TooManyDescriptorsAreRefused(t *testing.T) {
	k := on.Kernel()
	fds := pair(t, k)
	_, e := k.SendPacket(fds[0], &sys.Packet{Msg: sys.Msg{Bufs: [][]byte{{1}}}, Rights: make([]int, sys.MaxRights+1)})
	wantErrno(t, e, unix.EINVAL)
}

func (on System) PeercredIsTheProcessAtTheOtherEnd(t *testing.T) {
	k := on.Kernel()
	c, e := k.Peercred(pair(t, k)[0])
	must(t, e)
	if c != (sys.Cred{PID: unix.Getpid(), UID: uint32(unix.Getuid()), GID: uint32(unix.Getgid())}) {
		t.Errorf("%+v", c)
	}
}

// A receive without room for descriptors closes them, stops behind their bytes and
// says so, where it is asked to.
func (on System) ReceiveTellsThatItClosedDescriptors(t *testing.T) {
	for _, bufs := range [][][]byte{{make([]byte, 8)}, {make([]byte, 1), make([]byte, 7)}} {
		k := on.Kernel()
		fds := pair(t, k)
		before := descriptors()
		for _, rights := range [][]int{nil, {fds[0]}, nil} {
			_, e := k.SendPacket(fds[0], &sys.Packet{Msg: sys.Msg{Bufs: [][]byte{[]byte("ab")}}, Rights: rights})
			must(t, e)
		}
		m := &sys.Msg{Bufs: bufs, Local: true}
		n, e := k.Recvmsg(fds[1], m)
		must(t, e)
		if n != 4 || !m.Cut {
			t.Errorf("received %d bytes, cut %v", n, m.Cut)
		}
		n, e = k.Recvmsg(fds[1], m)
		must(t, e)
		if n != 2 || m.Cut {
			t.Errorf("received %d bytes behind them, cut %v", n, m.Cut)
		}
		if after := descriptors(); after != before {
			t.Errorf("%d descriptors before, %d after", before, after)
		}
	}
}
