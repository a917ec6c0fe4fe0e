package kernel

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// look is a deadline that only looks.
const look = 0

func (w *world) events(q *Poller, want ...sys.Event) {
	w.Helper()
	w.eventsUntil(q, look, want...)
}

func (w *world) eventsUntil(q *Poller, deadline int64, want ...sys.Event) {
	w.Helper()
	got := make([]sys.Event, 8)
	n, e := q.Wait(got, deadline)
	w.ok(e)
	if n != len(want) {
		w.Fatalf("%v, want %v", got[:n], want)
	}
	for i, x := range want {
		if got[i] != x {
			w.Fatalf("%v, want %v", got[:n], want)
		}
	}
}

// local is a pair of unix sockets of a.
func (w *world) local() [2]int {
	w.Helper()
	fds, e := w.a.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	w.ok(e)
	return fds
}

func TestEdgeReportsEachChangeOnce(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	w.ok(q.Add(s[0], 7, sys.Edge))
	w.events(q)
	for range 3 {
		w.send(w.a, s[1], "x")
		w.events(q, sys.Event{Token: 7, Ready: sys.In})
		w.events(q)
	}
}

func TestEdgeReportsWhatWasReadyBeforeAdd(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	w.send(w.a, s[1], "x")
	w.ok(q.Add(s[0], 7, sys.Edge))
	w.events(q, sys.Event{Token: 7, Ready: sys.In})
}

func TestEdgeWatchesWritingFromTheFirstWantOn(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	w.ok(q.Add(s[0], 7, sys.Edge))
	w.events(q)
	w.ok(q.Want(s[0], 7, sys.Out))
	w.events(q, sys.Event{Token: 7, Ready: sys.Out})
	w.events(q)
	w.send(w.a, s[0], "x") // room comes back when it is received
	w.recv(w.a, s[1])
	w.events(q, sys.Event{Token: 7, Ready: sys.Out})
}

func TestLevelReportsAConditionUntilItIsGone(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	w.ok(q.Add(s[0], 7, sys.Level))
	w.send(w.a, s[1], "x")
	w.events(q)
	w.ok(q.Want(s[0], 7, sys.In))
	for range 3 {
		w.events(q, sys.Event{Token: 7, Ready: sys.In})
	}
	w.recv(w.a, s[0])
	w.events(q)
	w.ok(q.Want(s[0], 7, 0))
	w.ok(w.a.Close(s[1]))
	w.events(q)
	w.ok(q.Want(s[0], 7, sys.Hangup))
	w.events(q, sys.Event{Token: 7, Ready: sys.Hangup})
}

func TestEventsBeyondTheSliceComeWithTheNextWait(t *testing.T) {
	w := newWorld(t)
	q := w.a.Poller()
	for token := range uint64(5) {
		s := w.local()
		w.ok(q.Add(s[0], token, sys.Edge))
		w.send(w.a, s[1], "x")
	}
	seen := 0
	for range 3 {
		two := make([]sys.Event, 2)
		n, e := q.Wait(two, look)
		w.ok(e)
		for _, ev := range two[:n] {
			seen |= 1 << ev.Token
		}
	}
	if seen != 1<<5-1 {
		t.Fatalf("%b", seen)
	}
}

func TestTheEndsOfAConnectionAreReported(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	q := w.a.Poller()
	w.ok(q.Add(c, 7, sys.Edge))
	w.ok(w.b.Shutdown(s, syscall.SHUT_WR))
	w.eventsUntil(q, sys.Never, sys.Event{Token: 7, Ready: sys.In | sys.PeerClose})
	w.ok(w.b.SetSockopt(s, syscall.SOL_SOCKET, syscall.SO_LINGER, 0))
	w.ok(w.b.Close(s))
	w.eventsUntil(q, sys.Never, sys.Event{Token: 7, Ready: sys.In | sys.PeerClose | sys.Hangup | sys.Error})
}

func TestAConnectIsReportedWritable(t *testing.T) {
	w := newWorld(t)
	w.listen(w.b, "10.0.0.2:80", 8)
	c := w.dial(w.a, "10.0.0.2:80")
	q := w.a.Poller()
	w.ok(q.Add(c, 7, sys.Edge))
	w.ok(q.Want(c, 7, sys.Out))
	w.eventsUntil(q, sys.Never, sys.Event{Token: 7, Ready: sys.Out})
}

func TestRegistrationOutlivesADescriptorWithADuplicate(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	dup := w.fd(w.a.Dup(s[0]))
	w.ok(q.Add(s[0], 7, sys.Edge))
	w.ok(w.a.Close(s[0]))
	w.send(w.a, s[1], "x")
	w.events(q, sys.Event{Token: 7, Ready: sys.In})
	w.want(q.Del(s[0], 7), syscall.EBADF)
	w.ok(w.a.Close(dup))
	w.events(q)
}

func TestADescriptorUsedAgainIsAnotherRegistration(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	w.fd(w.a.Dup(s[0]))
	w.ok(q.Add(s[0], 7, sys.Edge))
	w.ok(w.a.Close(s[0]))
	again := w.local()
	if again[0] != s[0] {
		t.Fatal("not the lowest free descriptor")
	}
	w.want(q.Add(again[0], 8, sys.Edge), syscall.EEXIST) // the poller's own book
	w.want(q.Del(s[0], 7), syscall.ENOENT)
	w.ok(q.Add(again[0], 8, sys.Edge))
}

func TestAddRefuses(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	file := w.fd(w.a.Memfd("f"))
	w.ok(q.Add(s[0], 7, sys.Edge))
	w.want(q.Add(s[0], 8, sys.Edge), syscall.EEXIST)
	w.want(q.Add(file, 8, sys.Level), syscall.EPERM)
	w.want(q.Add(-1, 8, sys.Edge), syscall.EBADF)
	w.want(q.Add(1<<20, 8, sys.Edge), syscall.EBADF)
	w.want(q.Want(s[0], 9, sys.Out), syscall.ENOENT)
}

func TestWakeEndsOneWait(t *testing.T) {
	w := newWorld(t)
	q := w.a.Poller()
	q.Wake()
	before := w.n.Now()
	w.eventsUntil(q, sys.Never)
	if w.n.Now() > before+1000 {
		t.Fatal("slept")
	}
	w.n.At(before+second, q.Wake)
	w.eventsUntil(q, sys.Never)
	if w.n.Now() < before+second {
		t.Fatal("did not sleep")
	}
}

func TestWaitEndsAtItsDeadline(t *testing.T) {
	w := newWorld(t)
	q := w.a.Poller()
	deadline := w.n.Now() + second
	w.eventsUntil(q, deadline)
	if w.n.Now() != deadline {
		t.Fatal(w.n.Now(), deadline)
	}
}

func TestReportsTakeTheirFreedomOnlyIfAsked(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	w.ok(q.Add(s[0], 7, sys.Edge))
	w.events(q)
	w.a.Reports.Spurious = 1
	w.events(q, sys.Event{Token: 7, Ready: sys.In})
}

func TestEachDescriptorOfAFileIsARegistration(t *testing.T) {
	w := newWorld(t)
	q, s := w.a.Poller(), w.local()
	dup := w.fd(w.a.Dup(s[0]))
	w.ok(q.Add(s[0], 7, sys.Edge))
	w.ok(q.Add(dup, 8, sys.Edge))
	w.send(w.a, s[1], "x")
	w.events(q, sys.Event{Token: 7, Ready: sys.In}, sys.Event{Token: 8, Ready: sys.In})
	w.ok(q.Del(s[0], 7))
	w.send(w.a, s[1], "x")
	w.events(q, sys.Event{Token: 8, Ready: sys.In})
}

func TestWritingIsReportedAgainOnlyToWhoHadNoRoom(t *testing.T) {
	w := newWorld(t)
	c, s := w.pair()
	q := w.a.Poller()
	w.ok(q.Add(c, 7, sys.Edge))
	w.ok(q.Want(c, 7, sys.Out))
	w.events(q, sys.Event{Token: 7, Ready: sys.Out})
	for e := sys.Errno(0); e == 0; w.settle(soon) {
		_, e = w.a.Sendmsg(c, msg(make([]byte, 50000)))
	}
	w.events(q)
	for w.settle(soon); ready(w.b, s)&sys.In != 0; w.settle(soon) {
		w.recv(w.b, s)
	}
	w.events(q, sys.Event{Token: 7, Ready: sys.Out})
	w.send(w.a, c, "there is room")
	w.settle(soon)
	w.events(q)
}
