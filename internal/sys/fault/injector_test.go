//go:build linux

package fault

import (
	"fmt"
	"math"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestNothingInjectedPassesThrough(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	w.look()
	w.arrive("abc")
	w.wait(in)
	w.recv("abc", 0)
	w.recv("", unix.EAGAIN)
	w.send("xyz", 3, 0)
	w.look()
	w.p.Wake()
	w.wait()
	for c, want := range map[Call]uint64{Add: 1, Wait: 4, Recvmsg: 2, Sendmsg: 1, Wake: 1, Close: 0} {
		if got := w.in.Count(c); got != want {
			t.Errorf("%v was called %d times, want %d", c, got, want)
		}
	}
	if n := w.in.EmptyWaits(); n != 3 {
		t.Errorf("%d empty waits, want 3", n)
	}
}

func TestNthCallFailsOnce(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.arrive("abc")
	w.send("x", 1, 0)
	f := w.in.Inject(Plan{Call: Sendmsg, Nth: 2, Errno: unix.EPIPE})
	w.send("x", 1, 0)
	w.recv("abc", 0)
	w.fired(f, 0)
	w.send("x", 0, unix.EPIPE)
	w.send("x", 1, 0)
	w.fired(f, 1)
}

func TestPersistentFaultLastsUntilStop(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	f := w.in.Inject(Plan{Call: Sendmsg, Nth: 2, Persistent: true, Errno: unix.ENOBUFS})
	w.send("x", 1, 0)
	for range 300 {
		w.send("x", 0, unix.ENOBUFS)
	}
	f.Stop()
	w.send("x", 1, 0)
	w.fired(f, 300)
}

func TestFaultOfOneDescriptorSparesTheOthers(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	f := w.in.Inject(Plan{Call: Sendmsg, FD: w.peer, Errno: unix.EPIPE})
	w.send("x", 1, 0)
	_, e := w.k.Sendmsg(w.peer, &sys.Msg{Bufs: [][]byte{{1}}})
	w.errno(e, unix.EPIPE)
	w.fired(f, 1)
}

func TestFirstOfSeveralFaultsFires(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	a := w.in.Inject(Plan{Call: Sendmsg, Errno: unix.EPIPE})
	b := w.in.Inject(Plan{Call: Sendmsg, Nth: 2, Errno: unix.ENOBUFS})
	c := w.in.Inject(Plan{Call: Sendmsg, Nth: 1, Errno: unix.EIO})
	w.send("x", 0, unix.EPIPE)
	w.send("x", 0, unix.ENOBUFS)
	w.send("x", 1, 0)
	w.fired(a, 1)
	w.fired(b, 1)
	w.fired(c, 0)
}

// Every call with an errno can be made to fail, and counts.
func TestEveryCallFails(t *testing.T) {
	local := &sys.Addr{Family: unix.AF_INET, Inet: netip.MustParseAddrPort("127.0.0.1:0")}
	for c, call := range map[Call]func(w *world) (int, sys.Errno){
		Socket: func(w *world) (int, sys.Errno) { return w.k.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0) },
		Socketpair: func(w *world) (int, sys.Errno) {
			s, e := w.k.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
			return s[0], e
		},
		Bind:        func(w *world) (int, sys.Errno) { return 0, w.k.Bind(w.fd, local) },
		Listen:      func(w *world) (int, sys.Errno) { return 0, w.k.Listen(w.fd, 1) },
		Connect:     func(w *world) (int, sys.Errno) { return 0, w.k.Connect(w.fd, local) },
		Accept:      func(w *world) (int, sys.Errno) { n, _, e := w.k.Accept(w.fd); return n, e },
		Recvmsg:     func(w *world) (int, sys.Errno) { return w.k.Recvmsg(w.fd, &sys.Msg{Bufs: [][]byte{{1}}}) },
		Sendmsg:     func(w *world) (int, sys.Errno) { return w.k.Sendmsg(w.fd, &sys.Msg{Bufs: [][]byte{{1}}}) },
		Shutdown:    func(w *world) (int, sys.Errno) { return 0, w.k.Shutdown(w.fd, unix.SHUT_RDWR) },
		Sockname:    func(w *world) (int, sys.Errno) { _, e := w.k.Sockname(w.fd); return 0, e },
		Peername:    func(w *world) (int, sys.Errno) { _, e := w.k.Peername(w.fd); return 0, e },
		Sockopt:     func(w *world) (int, sys.Errno) { return w.k.Sockopt(w.fd, unix.SOL_SOCKET, unix.SO_TYPE) },
		SetSockopt:  func(w *world) (int, sys.Errno) { return 0, w.k.SetSockopt(w.fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1) },
		Pending:     func(w *world) (int, sys.Errno) { return w.k.Pending(w.fd) },
		SetNonblock: func(w *world) (int, sys.Errno) { return 0, w.k.SetNonblock(w.fd) },
		Unlink:      func(w *world) (int, sys.Errno) { return 0, w.k.Unlink(t.TempDir() + "/s") },
		Add:         func(w *world) (int, sys.Errno) { return 0, w.p.Add(w.fd, 7, sys.Edge) },
		Want:        func(w *world) (int, sys.Errno) { return 0, w.p.Want(w.fd, 7, sys.Out) },
		Wait:        func(w *world) (int, sys.Errno) { return w.p.Wait(w.events[:], sys.Never) },
	} {
		p := Plan{Call: c, Errno: unix.EIO}
		t.Run(p.String(), func(t *testing.T) {
			w := newWorld(t, unix.SOCK_STREAM)
			w.in.Record(true)
			f := w.in.Inject(p)
			n, e := call(w)
			w.errno(e, unix.EIO)
			w.fired(f, 1)
			if w.in.Count(c) != 1 {
				t.Error("not counted")
			}
			if c == Socket || c == Socketpair || c == Accept {
				if n != -1 {
					t.Errorf("descriptor %d", n)
				}
			}
			if log := fmt.Sprint(w.in.Log()); !strings.Contains(log, "EIO, injected") {
				t.Error(log)
			}
		})
	}
}

func TestFailedAcceptLeavesTheConnection(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	l, a := w.listen()
	defer w.real.Close(l)
	c := w.socket()
	defer w.real.Close(c)
	w.errno(w.k.Connect(c, &a), 0)
	w.in.Inject(Plan{Call: Accept, Errno: unix.EMFILE})
	_, _, e := w.k.Accept(l)
	w.errno(e, unix.EMFILE)
	s, _, e := w.k.Accept(l)
	w.errno(e, 0)
	w.errno(w.k.Close(s), 0)
}

func TestShortCountsTrimTheTransfer(t *testing.T) {
	for _, c := range []struct {
		short      Short
		recv, rest string
		sent       int
	}{
		{OneByte, "a", "bcde", 1},
		{Half, "abc", "de", 3},
	} {
		w := newWorld(t, unix.SOCK_STREAM)
		w.in.Inject(Plan{Call: Recvmsg, Short: c.short})
		w.in.Inject(Plan{Call: Sendmsg, Short: c.short})
		w.arrive("abcde")
		w.recv(c.recv, 0) // of room for 6
		w.recv(c.rest, 0)
		w.send("12345", c.sent, 0)
		w.send("12345", 5, 0)
		for _, b := range w.in.cut.Bufs[:cap(w.in.cut.Bufs)] {
			if b != nil {
				t.Error("a buffer is kept alive")
			}
		}
	}
}

func TestADatagramIsNeverCut(t *testing.T) {
	w := newWorld(t, unix.SOCK_SEQPACKET)
	f := w.in.Inject(Plan{Call: Recvmsg, Short: OneByte, Persistent: true})
	g := w.in.Inject(Plan{Call: Sendmsg, Short: Half, Persistent: true})
	w.arrive("abcde")
	w.recv("abcde", 0)
	w.send("12345", 5, 0)
	w.fired(f, 0)
	w.fired(g, 0)
}

func TestLogTellsWhatHappened(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.send("before", 6, 0)
	w.in.Record(true)
	w.in.Inject(Plan{Call: Sendmsg, Nth: 2, Errno: unix.ECONNRESET})
	w.send("xyz", 3, 0)
	w.send("xyz", 0, unix.ECONNRESET)
	w.look()
	w.in.Record(false)
	w.send("after", 5, 0)
	want := fmt.Sprintf("[Sendmsg(%d) = 3 Sendmsg(%[1]d) = ECONNRESET, injected Wait = 0]", w.fd)
	if got := fmt.Sprint(w.in.Log()); got != want {
		t.Fatalf("%s, want %s", got, want)
	}
}

func TestPlansReadWell(t *testing.T) {
	for want, p := range map[string]Plan{
		"Recvmsg-1-EAGAIN":      {Call: Recvmsg, Errno: unix.EAGAIN},
		"Accept-fd7-3-EMFILE":   {Call: Accept, FD: 7, Nth: 3, Errno: unix.EMFILE},
		"Sendmsg-2-on-half":     {Call: Sendmsg, Nth: 2, Persistent: true, Short: Half},
		"Sendmsg-2-on-onebyte":  {Call: Sendmsg, Nth: 2, Persistent: true, Short: OneByte},
		"Close-1-errno60000":    {Call: Close, Errno: 60000},
		"SetSockopt-1-on-EPERM": {Call: SetSockopt, Nth: 1, Persistent: true, Errno: unix.EPERM},
	} {
		if got := p.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPlansThatCannotFireAreRefused(t *testing.T) {
	for _, p := range []Plan{
		{Call: Recvmsg},
		{Call: Recvmsg, Errno: unix.EIO, Short: Half},
		{Call: Accept, Short: Half},
		{Call: Recvmsg, Short: Half + 1},
		{Call: Wake, Errno: unix.EIO},
		{Call: Random, Errno: unix.EIO},
		{Call: math.MaxUint8, Errno: unix.EIO},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was accepted", p)
				}
			}()
			New(nil, nil).Inject(p)
		}()
	}
}

func TestCountingAllocatesNothing(t *testing.T) {
	w := newWorld(t, unix.SOCK_STREAM)
	w.errno(w.p.Add(w.fd, 7, sys.Edge), 0)
	m := &sys.Msg{Bufs: [][]byte{make([]byte, 8)}}
	n := testing.AllocsPerRun(100, func() {
		w.real.Sendmsg(w.peer, m)
		w.p.Wait(w.events[:], sys.Never)
		w.k.Recvmsg(w.fd, m)
		w.p.Want(w.fd, 7, sys.In)
		w.k.Sockopt(w.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	})
	if n != 0 {
		t.Fatalf("%v allocations", n)
	}
}
