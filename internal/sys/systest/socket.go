//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func sockets(t *testing.T, on System) {
	tests{
		{"ConnectAcceptAndNames", on.ConnectAcceptAndNames},
		{"RefusedConnectionIsInSoError", on.RefusedConnectionIsInSoError},
		{"DescriptorsAreNonblockingAndCloseOnExec", on.DescriptorsAreNonblockingAndCloseOnExec},
		{"SetNonblock", on.SetNonblock},
		{"PendingCountsBytes", on.PendingCountsBytes},
		{"SockoptRoundTrip", on.SockoptRoundTrip},
		{"UnlinkRemovesTheName", on.UnlinkRemovesTheName},
		{"FailedCallsReturnNoDescriptor", on.FailedCallsReturnNoDescriptor},
		{"ClockStartsAtZeroAndDoesNotGoBack", on.ClockStartsAtZeroAndDoesNotGoBack},
		{"RandomFillsAll", on.RandomFillsAll},
	}.run(t)
}

func (on System) ConnectAcceptAndNames(t *testing.T) {
	k := on.Kernel()
	for _, at := range []string{"127.0.0.1:0", "[::1]:0", "[::ffff:127.0.0.1]:0"} {
		l, to := listener(t, k, at)
		defer k.Close(l)
		_, _, e := k.Accept(l)
		wantErrno(t, e, unix.EAGAIN)
		c, e := k.Socket(to.Family, unix.SOCK_STREAM, 0)
		must(t, e)
		if e := k.Connect(c, &to); e != 0 && e != unix.EINPROGRESS {
			t.Fatal(e)
		}
		s, peer := accept(t, k, l)
		local, e := k.Sockname(c)
		must(t, e)
		remote, e := k.Peername(c)
		must(t, e)
		if peer != local || remote != to || to.Inet.Port() == 0 {
			t.Errorf("accepted %v of %v; connected to %v, wanted %v", peer, local, remote, to)
		}
		must(t, k.Close(c))
		must(t, k.Close(s))
	}
}

func (on System) RefusedConnectionIsInSoError(t *testing.T) {
	k, p := on.poller(t)
	l, to := listener(t, k, "127.0.0.1:0")
	must(t, k.Close(l))
	c, e := k.Socket(to.Family, unix.SOCK_STREAM, 0)
	must(t, e)
	defer k.Close(c)
	must(t, p.Add(c, 7, sys.Edge))
	if e = k.Connect(c, &to); e == unix.EINPROGRESS {
		until(t, p, sys.Error)
		v, se := k.Sockopt(c, unix.SOL_SOCKET, unix.SO_ERROR)
		must(t, se)
		e = sys.Errno(v)
	}
	wantErrno(t, e, unix.ECONNREFUSED)
	_, e = k.Peername(c)
	wantErrno(t, e, unix.ENOTCONN)
}

func (on System) DescriptorsAreNonblockingAndCloseOnExec(t *testing.T) {
	k := on.Kernel()
	one, e := k.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	must(t, e)
	defer k.Close(one)
	two, three := pair(t, k), tcp(t, k)
	for _, fd := range []int{one, two[0], two[1], three[0], three[1]} {
		checkFlags(t, fd)
	}
}

func checkFlags(t *testing.T, fd int) {
	t.Helper()
	status, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || status&unix.O_NONBLOCK == 0 {
		t.Error("blocking", err)
	}
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	if err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Error("inherited", err)
	}
}

func (on System) SetNonblock(t *testing.T) {
	k := on.Kernel()
	s, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close(s[0])
	defer k.Close(s[1])
	unix.CloseOnExec(s[0])
	must(t, k.SetNonblock(s[0]))
	checkFlags(t, s[0])
	wantErrno(t, k.SetNonblock(-1), unix.EBADF)
}

func (on System) PendingCountsBytes(t *testing.T) {
	k := on.Kernel()
	s := pair(t, k)
	send(t, k, s[0], "12345")
	n, e := k.Pending(s[1])
	must(t, e)
	if n != 5 {
		t.Fatal(n)
	}
	_, e = k.Pending(-1)
	wantErrno(t, e, unix.EBADF)
}

func (on System) SockoptRoundTrip(t *testing.T) {
	k := on.Kernel()
	s := tcp(t, k)
	for _, want := range []int{1, 0} {
		must(t, k.SetSockopt(s[0], unix.IPPROTO_TCP, unix.TCP_NODELAY, want))
		got, e := k.Sockopt(s[0], unix.IPPROTO_TCP, unix.TCP_NODELAY)
		must(t, e)
		if got != want {
			t.Fatal(got)
		}
	}
	wantErrno(t, k.SetSockopt(s[0], unix.SOL_SOCKET, -1, 0), unix.ENOPROTOOPT)
	_, e := k.Sockopt(-1, unix.SOL_SOCKET, unix.SO_ERROR)
	wantErrno(t, e, unix.EBADF)
}

func (on System) UnlinkRemovesTheName(t *testing.T) {
	k := on.Kernel()
	a := sys.Addr{Family: unix.AF_UNIX, Path: filepath.Join(t.TempDir(), "s")}
	fd, e := k.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, e)
	defer k.Close(fd)
	must(t, k.Bind(fd, &a))
	must(t, k.Unlink(a.Path))
	if _, err := os.Lstat(a.Path); !os.IsNotExist(err) {
		t.Fatal(err)
	}
	wantErrno(t, k.Unlink(a.Path), unix.ENOENT)
}

func (on System) FailedCallsReturnNoDescriptor(t *testing.T) {
	k := on.Kernel()
	fd, e := k.Socket(-1, unix.SOCK_STREAM, 0)
	wantErrno(t, e, unix.EAFNOSUPPORT)
	if fd != -1 {
		t.Error(fd)
	}
	_, e = k.Socketpair(unix.AF_INET, unix.SOCK_STREAM, 0)
	wantErrno(t, e, unix.EOPNOTSUPP)
	fd, _, e = k.Accept(-1)
	wantErrno(t, e, unix.EBADF)
	if fd != -1 {
		t.Error(fd)
	}
	wantErrno(t, k.Close(-1), unix.EBADF)
	wantErrno(t, k.Listen(-1, 1), unix.EBADF)
	wantErrno(t, k.Shutdown(-1, unix.SHUT_RD), unix.EBADF)
}

func (on System) ClockStartsAtZeroAndDoesNotGoBack(t *testing.T) {
	k := on.Kernel()
	last := int64(0)
	for range 1000 {
		now := k.Now()
		if now < last {
			t.Fatal(now, last)
		}
		last = now
	}
	if k.Start().IsZero() {
		t.Fatal("no start")
	}
}

func (on System) RandomFillsAll(t *testing.T) {
	k := on.Kernel()
	a, b := make([]byte, 64), make([]byte, 64)
	k.Random(a)
	k.Random(b)
	if string(a) == string(b) || string(a[32:]) == string(make([]byte, 32)) {
		t.Fatal(a, b)
	}
}
