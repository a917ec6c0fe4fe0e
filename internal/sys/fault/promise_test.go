//go:build linux

package fault

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestReadyAgainAfterInjectedEAGAIN(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.arrive("abc")
	w.wait(in) // the edge is used up
	w.in.Inject(Plan{Call: Recvmsg, Errno: unix.EAGAIN})
	w.recv("", unix.EAGAIN)
	w.wait(in)
	w.recv("abc", 0)
	w.look()
}

func TestReadyAgainAfterInjectedShortCount(t *testing.T) {
	for _, short := range []Short{OneByte, Half} {
		w := newWorld(t, unix.SOCK_STREAM)
		w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
		w.arrive("abcdef")
		w.wait(in)
		w.in.Inject(Plan{Call: Recvmsg, Short: short})
		w.recv("abcdef"[:short.limit(6)], 0)
		w.wait(in)
		w.look()
	}
}

// What the socket itself falls short of is reported when it comes.
func TestShortCountOfTheSocketIsNotReported(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.arrive("ab")
	w.wait(in)
	w.in.Inject(Plan{Call: Recvmsg, Short: Half}) // 3 of 6, and there are 2
	w.recv("ab", 0)
	w.look()
}

func TestWritableAgainOnceWanted(t *testing.T) {
	for p, count := range map[Plan]int{
		{Call: Sendmsg, Errno: unix.EAGAIN}: 0,
		{Call: Sendmsg, Short: OneByte}:     1,
	} {
		w := newWorld(t, unix.SOCK_STREAM)
		w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
		w.errno(w.p.Want(w.fd, 7, sys.Out), 0)
		w.wait(out) // from now on Want is free and reports nothing by itself
		w.in.Inject(p)
		w.send("abc", count, p.Errno)
		w.errno(w.p.Want(w.fd, 7, sys.Out), 0)
		w.wait(out)
		w.look()
	}
}

func TestWritableIsNotReportedUnwanted(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.in.Inject(Plan{Call: Sendmsg, Errno: unix.EAGAIN})
	w.send("abc", 0, unix.EAGAIN)
	w.look()
	w.errno(w.p.Want(w.fd, 7, sys.Out), 0)
	w.wait(out)
	w.look()
}

func TestOwedReadinessJoinsTheRealEvent(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.arrive("abc")
	w.wait(in)
	w.in.Inject(Plan{Call: Recvmsg, Errno: unix.EAGAIN})
	w.recv("", unix.EAGAIN)
	w.errno(w.p.Want(w.fd, 7, sys.Out), 0)
	w.wait(sys.Event{Token: 7, Ready: sys.In | sys.Out})
}

func TestOwedReadinessWaitsForRoom(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.errno(w.p.Add(w.peer, 8, sys.Edge), 0)
	w.in.Inject(Plan{Call: Recvmsg, Persistent: true, Errno: unix.EAGAIN})
	w.recv("", unix.EAGAIN)
	w.k.Recvmsg(w.peer, &sys.Msg{Bufs: [][]byte{{1}}})
	for _, token := range []uint64{7, 8} {
		n, e := w.p.Wait(w.events[:1], sys.Never)
		w.errno(e, 0)
		if n != 1 || w.events[0] != (sys.Event{Token: token, Ready: sys.In}) {
			t.Fatal(w.events[:n])
		}
	}
	w.look()
}

func TestListenerIsReadyAgainAfterInjectedEAGAIN(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.in.Inject(Plan{Call: Accept, Errno: unix.EAGAIN})
	fd, _, e := w.k.Accept(w.fd)
	w.errno(e, unix.EAGAIN)
	if fd != -1 {
		t.Fatal(fd)
	}
	w.wait(in)
}

func TestOtherErrorsReportNothing(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.in.Inject(Plan{Call: Recvmsg, Errno: unix.ECONNRESET})
	w.recv("", unix.ECONNRESET)
	w.look()
}

func TestPersistentEAGAINFallsSilentUntilItStops(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	f := w.in.Inject(Plan{Call: Recvmsg, Persistent: true, Errno: unix.EAGAIN})
	for range inARow {
		w.recv("", unix.EAGAIN)
		w.wait(in)
	}
	w.recv("", unix.EAGAIN)
	w.look()
	f.Stop()
	w.wait(in)
	w.look()
}

func TestSilenceOfADescriptorIsForgottenWithIt(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	f := w.in.Inject(Plan{Call: Recvmsg, Persistent: true, Errno: unix.EAGAIN})
	for range inARow + 1 {
		w.recv("", unix.EAGAIN)
	}
	w.errno(w.p.Del(w.fd, 7), 0)
	w.errno(w.p.Add(w.fd, 8, sys.Edge), 0)
	f.Stop()
	w.look()
}

func TestEINTRAtMost100TimesInARow(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	f := w.in.Inject(Plan{Call: Sendmsg, Persistent: true, Errno: unix.EINTR})
	for range 3 {
		for range 100 {
			w.send("x", 0, unix.EINTR)
		}
		w.send("x", 1, 0)
	}
	w.fired(f, 300)
}

func TestOneDebtPerDescriptor(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.in.Inject(Plan{Call: Recvmsg, Persistent: true, Errno: unix.EAGAIN})
	for range 3 {
		w.recv("", unix.EAGAIN)
	}
	w.wait(in)
	w.look()
	if len(w.in.debts) != 0 {
		t.Fatal(w.in.debts)
	}
}

func TestFailedCloseCloses(t *testing.T) {
	for _, e := range []sys.Errno{unix.EIO, unix.EINTR} {
		w := newWorld(t, unix.SOCK_STREAM)
		w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
		w.in.Inject(Plan{Call: Recvmsg, Errno: unix.EAGAIN})
		w.recv("", unix.EAGAIN)
		w.in.Inject(Plan{Call: Close, Errno: e})
		fd := w.fd
		w.errno(w.k.Close(fd), e)
		w.fd = -1
		w.errno(w.real.Close(fd), unix.EBADF)
		w.look() // nothing is owed to a descriptor that is gone
	}
}

func TestFailedDelForgets(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.in.Inject(Plan{Call: Recvmsg, Errno: unix.EAGAIN})
	w.recv("", unix.EAGAIN)
	w.in.Inject(Plan{Call: Del, Errno: unix.ENOENT})
	w.errno(w.p.Del(w.fd, 7), unix.ENOENT)
	w.arrive("x")
	w.look()
	w.errno(w.p.Add(w.fd, 8, sys.Edge), 0)
}

func TestStaleDelKeepsWhatIsOwed(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.in.Inject(Plan{Call: Recvmsg, Errno: unix.EAGAIN})
	w.recv("", unix.EAGAIN)
	w.errno(w.p.Del(w.fd, 6), unix.ENOENT)
	w.wait(in)
}

func TestFailedWaitLosesNoEvent(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.arrive("abc")
	w.in.Inject(Plan{Call: Wait, Errno: unix.EINTR})
	_, e := w.p.Wait(w.events[:], sys.Never)
	w.errno(e, unix.EINTR)
	w.wait(in)
	_, e = w.p.Wait(nil, sys.Never) // the real one fails too
	w.errno(e, unix.EINVAL)
	if n := w.in.EmptyWaits(); n != 0 {
		t.Fatal(n)
	}
}

func TestLevelNeedsNoPromise(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Level), 0)
	w.errno(w.p.Want(w.fd, 7, sys.In), 0)
	w.in.Inject(Plan{Call: Recvmsg, Errno: unix.EAGAIN})
	w.recv("", unix.EAGAIN)
	w.look()
}

func TestConnectGoesOnInTheBackground(t *testing.T) {
	for _, want := range []sys.Errno{unix.EINPROGRESS, unix.EINTR} {
		w := newWorld(t, unix.SOCK_STREAM)
		l, to := w.listen()
		defer w.real.Close(l)
		c := w.socket()
		defer w.real.Close(c)
		w.errno(w.p.Add(c, 7, sys.Edge), 0)
		w.errno(w.p.Want(c, 7, sys.Out), 0)
		w.p.Wait(w.events[:], 0) // an unconnected socket reports all sorts of things
		w.in.Inject(Plan{Call: Connect, Errno: want})
		w.errno(w.k.Connect(c, &to), want)
		n, e := w.p.Wait(w.events[:], sys.Never)
		w.errno(e, 0)
		if n != 1 || w.events[0].Ready&sys.Out == 0 {
			t.Fatal(w.events[:n])
		}
		v, e := w.k.Sockopt(c, unix.SOL_SOCKET, unix.SO_ERROR)
		w.errno(e, 0)
		w.errno(sys.Errno(v), 0)
		_, e = w.k.Peername(c)
		w.errno(e, 0)
	}
}

func TestConnectThatFailsAtOnceSaysSo(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	l, to := w.listen()
	w.errno(w.real.Close(l), 0)
	c := w.socket()
	defer w.real.Close(c)
	w.in.Inject(Plan{Call: Connect, Errno: unix.EINPROGRESS})
	w.errno(w.k.Connect(c, &to), unix.ECONNREFUSED)
}

func TestRefusedConnectHasNotConnected(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	l, to := w.listen()
	defer w.real.Close(l)
	c := w.socket()
	defer w.real.Close(c)
	w.in.Inject(Plan{Call: Connect, Errno: unix.ECONNREFUSED})
	w.errno(w.k.Connect(c, &to), unix.ECONNREFUSED)
	_, e := w.k.Peername(c)
	w.errno(e, unix.ENOTCONN)
}

func (w *world) socket() int {
	fd, e := w.real.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	w.errno(e, 0)
	return fd
}

// listen returns a socket with an abstract name that the kernel chose.
func (w *world) listen() (int, sys.Addr) {
	fd := w.socket()
	w.errno(w.real.Bind(fd, &sys.Addr{Family: unix.AF_UNIX}), 0)
	w.errno(w.real.Listen(fd, 1), 0)
	a, e := w.real.Sockname(fd)
	w.errno(e, 0)
	return fd, a
}
