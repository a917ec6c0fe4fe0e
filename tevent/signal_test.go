package tevent_test

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
)

func raise(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := unix.Kill(unix.Getpid(), sig); err != nil {
		t.Fatal(err)
	}
}

func TestNextSignalCompletesEveryWaiter(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	a := tevent.NextSignal(ev, unix.SIGUSR1, unix.SIGUSR2)
	b := tevent.NextSignal(ev, unix.SIGUSR2)
	raise(t, unix.SIGUSR2)
	for _, r := range []tevent.Req[os.Signal]{a, b} {
		if sig, err := tevent.Wait(ev, r); sig != unix.SIGUSR2 || err != nil {
			t.Fatal(sig, err)
		}
	}
}

// Raises that come before the loop looks are one.
func TestSignalsCoalesce(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	r := tevent.NextSignal(ev, unix.SIGUSR1)
	for range 10 {
		raise(t, unix.SIGUSR1)
	}
	if sig, err := tevent.Wait(ev, r); sig != unix.SIGUSR1 || err != nil {
		t.Fatal(sig, err)
	}
	ev.SetWaitTimeout(0)
	turn(t, ev) // what else was posted finds nobody
}

func TestLastWaiterRestoresTheDisposition(t *testing.T) {
	ev := newContext(t)
	signal.Ignore(unix.SIGUSR1)
	defer signal.Reset(unix.SIGUSR1)
	a, b := tevent.NextSignal(ev, unix.SIGUSR1), tevent.NextSignal(ev, unix.SIGUSR1)
	if signal.Ignored(unix.SIGUSR1) {
		t.Fatal("still ignored")
	}
	if !a.Cancel() {
		t.Fatal("refused")
	}
	if signal.Ignored(unix.SIGUSR1) {
		t.Fatal("one still waits")
	}
	b.Drop()
	if _, err := a.Result(); err == nil {
		t.Fatal("no error")
	}
}

func TestSignalHandlersOfAllContextsAreTold(t *testing.T) {
	ev, other := newContext(t), newContext(t)
	ev.SetWaitTimeout(-1)
	other.SetWaitTimeout(-1)
	a, b := tevent.NextSignal(ev, unix.SIGUSR1), tevent.NextSignal(other, unix.SIGUSR1)
	raise(t, unix.SIGUSR1)
	if _, err := tevent.Wait(ev, a); err != nil {
		t.Fatal(err)
	}
	if _, err := tevent.Wait(other, b); err != nil {
		t.Fatal(err)
	}
}

func TestOffloadCompletesWithTheOutcome(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	ok := tevent.Offload(ev, func() (int, error) { return 4, nil })
	bad := tevent.Offload(ev, func() (int, error) { return 5, errTest })
	if v, err := tevent.Wait(ev, ok); v != 4 || err != nil {
		t.Fatal(v, err)
	}
	if v, err := tevent.Wait(ev, bad); v != 5 || !errors.Is(err, errTest) {
		t.Fatal(v, err)
	}
}

func TestOffloadRunsBesideTheLoop(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	gate := make(chan struct{})
	r := tevent.Offload(ev, func() (int, error) { <-gate; return 1, nil })
	timerAt(ev, 0, func() { close(gate) }) // the loop goes on
	if v, err := tevent.Wait(ev, r); v != 1 || err != nil {
		t.Fatal(v, err)
	}
}

func TestFailedIsAFinishedRequest(t *testing.T) {
	ev := newContext(t)
	busy := tevent.Failed[int](ev, "readv", syscall.EBUSY)
	o := watch(busy)
	if o.calls != 0 || busy.State() != tevent.StateFailed {
		t.Fatal(o, busy)
	}
	turn(t, ev)
	if o.calls != 1 || !errors.Is(o.err, syscall.EBUSY) {
		t.Fatal(o)
	}
	wantErr(t, tevent.Failed[int](ev, "readv", syscall.EINVAL), syscall.EINVAL)
	a, b := tevent.Failed[int](ev, "a", errTest), tevent.Failed[int](ev, "b", errTest)
	if a == b {
		t.Fatal("not in storage of its own")
	}
	a.Drop()
	b.Drop()
}
