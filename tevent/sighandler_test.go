//go:build linux

package tevent_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// onSignal is a handler that notes its name and count.
func onSignal(t testing.TB, ev *tevent.Context, s *steps, name string, then func()) *tevent.Signal {
	t.Helper()
	h, err := tevent.NewSignal(ev, unix.SIGUSR1, func(sig os.Signal, n int) {
		s.add(fmt.Sprintf("%s %v %d", name, sig, n))
		if then != nil {
			then()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestSignalHandlersRunNewestFirstWithTheCountOfRaises(t *testing.T) {
	h, ev := newSignals(t)
	var s steps
	onSignal(t, ev, &s, "old", nil)
	onSignal(t, ev, &s, "new", nil)
	if len(h.raise) != 1 {
		t.Fatal("one watch of the system is enough")
	}
	for range 3 {
		h.raise[0](unix.SIGUSR1)
	}
	s.want(t)
	turn(t, ev)
	s.want(t, "new user defined signal 1 3", "old user defined signal 1 3")
	turn(t, ev)
	h.raise[0](unix.SIGUSR1)
	turn(t, ev)
	s.want(t, "new user defined signal 1 3", "old user defined signal 1 3",
		"new user defined signal 1 1", "old user defined signal 1 1")
}

func TestSignalHandlerMayCloseItselfAndOthersAndMakeNew(t *testing.T) {
	h, ev := newSignals(t)
	var s steps
	var a, b *tevent.Signal
	a = onSignal(t, ev, &s, "a", nil)
	b = onSignal(t, ev, &s, "b", func() {
		_ = a.Close()
		_ = b.Close()
		_ = b.Close()
		if h.stops != 1 {
			t.Error("the last one restores the disposition at once", h.stops)
		}
		onSignal(t, ev, &s, "c", nil)
	})
	h.raise[0](unix.SIGUSR1)
	turn(t, ev)
	turn(t, ev)
	h.raise[1](unix.SIGUSR1)
	turn(t, ev)
	s.want(t, "b user defined signal 1 1", "c user defined signal 1 1")
	closeNow(t, ev)
	if h.stops != 2 {
		t.Fatal("the context closes what is left", h.stops)
	}
	h.raise[1](unix.SIGUSR1) // on its way: harmless
}

func TestSignalsComeFirstInATurnAndEachIsFollowedByTheReadyList(t *testing.T) {
	h, ev := newSignals(t)
	var s steps
	j := start(ev, "job")
	j.Req().SetCallback(func(tevent.Req[int]) { s.add("callback") })
	onSignal(t, ev, &s, "old", nil)
	onSignal(t, ev, &s, "new", func() { j.Done(1) })
	tevent.NewImmediate(ev, s.adder("immediate")).Schedule()
	ev.Post(s.adder("posted"))
	timerAt(ev, 0, s.adder("timer"))
	h.raise[0](unix.SIGUSR1)
	turn(t, ev)
	s.want(t, "new user defined signal 1 1", "immediate", "callback", "old user defined signal 1 1", "posted", "timer")
}

func TestLoopDoesNotSleepOnASignalThatCameInItsTurn(t *testing.T) {
	h, ev := newSignals(t)
	ev.SetWaitTimeout(-1)
	var s steps
	onSignal(t, ev, &s, "", nil)
	defer timerAt(ev, time.Hour, func() {}).Stop()
	fd := watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) { h.raise[0](syscall.SIGUSR1) })
	h.happen(3, sys.In)
	turn(t, ev) // raises behind its wait
	fd.Close()
	h.sleeps = nil
	turn(t, ev)
	if s.want(t, " user defined signal 1 1"); len(h.sleeps) != 0 {
		t.Error("slept", h.sleeps)
	}
	closeNow(t, ev)
}

func TestSignalHandlerIsNotToldOfWhatWasRaisedBeforeIt(t *testing.T) {
	h, ev := newSignals(t)
	ev.SetWaitTimeout(-1)
	var s steps
	onSignal(t, ev, &s, "old", nil)
	defer timerAt(ev, time.Hour, func() {}).Stop()
	timerAt(ev, 0, func() {
		h.raise[0](syscall.SIGUSR1)
		onSignal(t, ev, &s, "new", nil)
	})
	turn(t, ev)
	turn(t, ev)
	if s.want(t, "old user defined signal 1 1"); len(h.sleeps) != 0 {
		t.Error("slept", h.sleeps)
	}
	h.raise[0](syscall.SIGUSR1)
	turn(t, ev)
	s.want(t, "old user defined signal 1 1", "new user defined signal 1 1", "old user defined signal 1 1")
	closeNow(t, ev)
}

// What a panic kept from running runs in the next turn.
func TestPanicOfASignalHandlerLosesNoOther(t *testing.T) {
	h, ev := newSignals(t)
	var s steps
	onSignal(t, ev, &s, "old", nil)
	onSignal(t, ev, &s, "new", func() { panic("handler") })
	h.raise[0](unix.SIGUSR1)
	h.raise[0](unix.SIGUSR1)
	if text := panicOf(t, func() { _ = ev.LoopOnce() }); text != "handler" {
		t.Fatal(text)
	}
	turn(t, ev)
	s.want(t, "new user defined signal 1 2", "old user defined signal 1 2")
}

func TestSignalHandlerHoldsLoopWaitUntilItIsClosed(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	n := 0
	var h *tevent.Signal
	h, err := tevent.NewSignal(ev, unix.SIGUSR1, func(_ os.Signal, count int) {
		n += count
		_ = h.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	timerAt(ev, time.Millisecond, func() { raise(t, unix.SIGUSR1) })
	if err := ev.LoopWait(); err != nil || n != 1 {
		t.Fatal(n, err)
	}
}

func TestWhatIsNoSignalIsRefused(t *testing.T) {
	ev := newContext(t)
	for _, sig := range []os.Signal{syscall.Signal(0), syscall.Signal(-1), syscall.Signal(65), unix.SIGKILL, unix.SIGSTOP, nil} {
		if _, err := tevent.NewSignal(ev, sig, nil); !errors.Is(err, syscall.EINVAL) {
			t.Errorf("%v: %v", sig, err)
		}
		if _, err := tevent.NextSignal(ev, unix.SIGUSR1, sig).Result(); !errors.Is(err, syscall.EINVAL) {
			t.Errorf("%v: %v", sig, err)
		}
	}
	if _, err := tevent.NextSignal(ev).Result(); !errors.Is(err, syscall.EINVAL) {
		t.Error(err)
	}
	if err := ev.LoopWait(); err != nil { // nothing is left of the good one
		t.Fatal(err)
	}
	closeNow(t, ev)
	if _, err := tevent.NewSignal(ev, unix.SIGUSR1, nil); !errors.Is(err, tevent.ErrClosed) {
		t.Error(err)
	}
}

func TestSignalsOfTheRealSystemReachEveryHandler(t *testing.T) {
	ev, other := newContext(t), newContext(t)
	ev.SetWaitTimeout(-1)
	other.SetWaitTimeout(-1)
	told := 0
	watch := func(ev *tevent.Context) {
		var h *tevent.Signal
		h, err := tevent.NewSignal(ev, unix.SIGUSR1, func(os.Signal, int) { told++; _ = h.Close() })
		if err != nil {
			t.Fatal(err)
		}
	}
	watch(ev)
	watch(ev)
	watch(other)
	raise(t, unix.SIGUSR1)
	if err := ev.LoopWait(); err != nil || told != 2 {
		t.Fatal(told, err)
	}
	if err := other.LoopWait(); err != nil || told != 3 {
		t.Fatal(told, err)
	}
}

func TestLastSignalHandlerRestoresTheDisposition(t *testing.T) {
	const child = "TSOCKET_TEST_SIGNAL"
	if os.Getenv(child) != "" {
		ev := newContext(t)
		h, err := tevent.NewSignal(ev, unix.SIGTERM, func(os.Signal, int) {})
		if err != nil {
			t.Fatal(err)
		}
		_ = h.Close()
		runtime.LockOSThread() // a signal to this very thread acts at once
		t.Fatal("survived", unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGTERM))
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), child+"=1")
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != unix.SIGTERM {
		t.Fatalf("the signal did not kill: %v", err)
	}
}

// A handler that ends while the signal is on its way is not called.
func TestClosedSignalHandlerIsNotCalled(t *testing.T) {
	witness := make(chan os.Signal, 8)
	signal.Notify(witness, unix.SIGUSR1) // keeps the signal from killing us
	defer signal.Stop(witness)
	ev := newContext(t)
	h, err := tevent.NewSignal(ev, unix.SIGUSR1, func(os.Signal, int) { t.Error("called") })
	if err != nil {
		t.Fatal(err)
	}
	h.SetTag(3)
	if h.Tag() != 3 || h.Signal() != unix.SIGUSR1 {
		t.Fatal(h.Tag(), h.Signal())
	}
	raise(t, unix.SIGUSR1)
	<-witness
	_ = h.Close()
	turn(t, ev)
}

func TestTraceTellsOfSignals(t *testing.T) {
	h, ev := newSignals(t)
	r := traceOn(ev)
	var s steps
	a := onSignal(t, ev, &s, "a", nil)
	a.SetTag(9)
	h.raise[0](unix.SIGUSR1)
	turn(t, ev)
	closeNow(t, ev)
	got := r.about()
	got.want(t, "1 attach signal", "1 before handler signal tag 9", "1 after handler signal tag 9", "1 detach signal tag 9")
	r.whole(t)
}
