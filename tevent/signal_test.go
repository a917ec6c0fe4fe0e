//go:build unix

package tevent_test

import (
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
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

// signals is a Host whose signals the test raises.
type signals struct {
	sys.Host
	raise []func(os.Signal)
	stops int
	*world
}

func (h *signals) Notify(_ []os.Signal, f func(os.Signal)) func() {
	h.raise = append(h.raise, f)
	return func() { h.stops++ }
}

func newSignals(t *testing.T) (*signals, *tevent.Context) {
	t.Helper()
	w := &world{t: t, clock: clock{now: new(int64)}, tokens: map[int]uint64{}}
	h := &signals{world: w}
	ev := tevent.NewOn(w.clock, w, h)
	ev.SetWaitTimeout(0)
	teventtest.Watch(t, ev)
	return h, ev
}

// Raises that come before the loop looks are one.
func TestSignalsCoalesce(t *testing.T) {
	h, ev := newSignals(t)
	r := tevent.NextSignal(ev, unix.SIGUSR1)
	for range 3 {
		h.raise[0](unix.SIGUSR1)
	}
	if !r.InProgress() || h.stops != 0 {
		t.Fatal("not from the loop")
	}
	turn(t, ev)
	if sig, err := r.Result(); sig != unix.SIGUSR1 || err != nil || h.stops != 1 {
		t.Fatal(sig, err, h.stops)
	}
}

func TestEveryEndOfNextSignalStopsTheWatchOnce(t *testing.T) {
	h, ev := newSignals(t)
	for n, end := range []func(tevent.Req[os.Signal]){
		func(r tevent.Req[os.Signal]) { r.Drop() },
		func(r tevent.Req[os.Signal]) { r.Cancel(); _, _ = r.Result() },
		func(r tevent.Req[os.Signal]) { r.SetTimeout(-1); turn(t, ev); r.Drop() },
		func(r tevent.Req[os.Signal]) { ev.Close(); r.Drop() },
	} {
		r := tevent.NextSignal(ev, unix.SIGUSR1)
		if h.stops != n {
			t.Fatal("stopped while it waits")
		}
		h.raise[n](unix.SIGUSR1) // is on its way and finds nobody
		end(r)
		if n < 3 {
			turn(t, ev)
		}
		if h.stops != n+1 {
			t.Fatalf("%d: %d stops", n, h.stops)
		}
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
