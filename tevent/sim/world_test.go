//go:build unix

package sim_test

import (
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
)

// TestMain collects rarely: what is alive is little, what is dropped is much.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	goleak.VerifyTestMain(m)
}

// run runs the world to its end, well.
func run(t *testing.T, w *sim.World) {
	t.Helper()
	if err := w.Run(); err != nil {
		t.Fatal(err)
	}
}

// sleep lets d pass in a process.
func TestAnHourTakesNoTime(t *testing.T) {
	w := sim.Test(t)
	var slept time.Duration
	w.Host("10.0.0.1").Go("sleeper", func(ev *tevent.Context) {
		began := ev.Now()
		sleep(t, ev, time.Hour)
		slept = ev.Now().Sub(began)
	})
	run(t, w)
	if slept < time.Hour || slept > time.Hour+time.Second {
		t.Errorf("slept %v", slept)
	}
}

func TestPanicOfAProcessIsAnErrorWithItsStack(t *testing.T) {
	w := sim.Test(t)
	w.Host().Go("bad", func(ev *tevent.Context) {
		tevent.NewTimer(ev, explode).Reset(time.Second)
		sleep(t, ev, time.Minute)
	})
	err := w.Run()
	if err == nil || !strings.Contains(err.Error(), "panic: of the test") || !strings.Contains(err.Error(), "sim_test.explode") ||
		!strings.Contains(err.Error(), "bad#1") {
		t.Fatal(err)
	}
	if again := w.RunFor(time.Second); again != err {
		t.Errorf("the next run says %v", again)
	}
}

func explode() { panic("of the test") }

func TestFailNowInAProcessEndsTheTest(t *testing.T) {
	w := sim.Test(t)
	w.Host().Go("fatal", func(ev *tevent.Context) {
		sleep(t, ev, time.Second)
		runtime.Goexit() // as t.FailNow does
	})
	w.Host().Go("bystander", func(ev *tevent.Context) { sleep(t, ev, time.Minute) })
	ended, returned := make(chan struct{}), false
	go func() {
		defer close(ended)
		_ = w.Run()
		returned = true
	}()
	<-ended
	if returned {
		t.Error("Run returned")
	}
}

func TestDeadlockIsToldWithWhoWaitsForWhat(t *testing.T) {
	w := sim.Test(t)
	w.Host().Go("waiter", func(ev *tevent.Context) {
		_, _ = tevent.Wait(ev, tevent.NextSignal(ev, syscall.SIGUSR1))
	})
	err := w.Run()
	if !errors.Is(err, sim.ErrDeadlock) || !strings.Contains(err.Error(), "waiter#1: sleeps until something happens") ||
		!strings.Contains(err.Error(), "request signal (in progress)") {
		t.Fatal(err)
	}
}

func TestWhatNeverEndsTakesTooLong(t *testing.T) {
	w := sim.Test(t)
	w.Host().Go("clock", func(ev *tevent.Context) {
		for {
			sleep(t, ev, time.Hour)
		}
	})
	if err := w.Run(); !errors.Is(err, sim.ErrTooLong) {
		t.Fatal(err)
	}
}

func TestALoopWithoutEndTakesTooLong(t *testing.T) {
	w := sim.Test(t)
	w.Host().Go("busy", func(ev *tevent.Context) {
		ev.SetWaitTimeout(0)
		for {
			_ = ev.LoopOnce()
		}
	})
	if err := w.RunFor(time.Hour); !errors.Is(err, sim.ErrTooLong) || !strings.Contains(err.Error(), "busy#1: can run") {
		t.Fatal(err)
	}
}

// TestNothingRunsAfterAViolation: the log ends with it, though the process has
// not come to its next sleep.
func TestNothingRunsAfterAViolation(t *testing.T) {
	w := sim.Test(t)
	made := 0
	w.Host().Go("busy", func(ev *tevent.Context) {
		ev.SetWaitTimeout(0)
		w.Violate(errors.New("too much"))
		for ; made < 5; made++ {
			_ = ev.LoopOnce()
		}
	})
	if err := w.Run(); err == nil || err.Error() != "after 0s: busy#1: too much" || made > 0 {
		t.Errorf("%v, then %d turns", err, made)
	}
}

func TestAnAddressHasOneHost(t *testing.T) {
	w := sim.Test(t)
	w.Host("10.0.0.1", "fd00::1")
	defer func() {
		if v := recover(); v != "sim: fd00:0::1 is the address of another host" {
			t.Error(v)
		}
	}()
	w.Host("10.0.0.2", "fd00:0::1")
}

func TestRunForEndsInTheMiddleOfABusyLoop(t *testing.T) {
	w := sim.Test(t)
	var tick *tevent.Timer
	ticks := 0
	w.Host().Go("busy", func(ev *tevent.Context) {
		tick = tevent.NewTimer(ev, func() { ticks++; tick.Reset(0) })
		tick.Reset(0)
	})
	if err := w.RunFor(time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if e := w.Elapsed(); ticks == 0 || e < time.Millisecond || e > 2*time.Millisecond {
		t.Errorf("%d ticks in %v", ticks, e)
	}
}

func TestRunForPassesTheTimeOfAnEmptyWorld(t *testing.T) {
	w := sim.Test(t)
	if err := w.RunFor(48 * time.Hour); err != nil || w.Elapsed() != 48*time.Hour {
		t.Fatal(w.Elapsed(), err)
	}
}

func TestSignalsComeToWhoWaitsForThem(t *testing.T) {
	w := sim.Test(t)
	var got os.Signal
	p := w.Host().Go("waiter", func(ev *tevent.Context) {
		got, _ = tevent.Wait(ev, tevent.NextSignal(ev, syscall.SIGUSR1, syscall.SIGTERM))
		sleep(t, ev, time.Minute)
	})
	w.After(time.Second, func() { p.Signal(syscall.SIGTERM) })
	if err := w.RunUntil(func() bool { return got != nil }); err != nil || got != syscall.SIGTERM {
		t.Fatal(got, err)
	}
	p.Signal(syscall.SIGTERM) // nobody waits any more
	run(t, w)
	if e := w.Elapsed(); e > 2*time.Second {
		t.Errorf("it lived for %v", e)
	}
}

func TestStoppedProcessRunsOnlyAfterCont(t *testing.T) {
	w := sim.Test(t)
	var woke time.Duration
	p := w.Host().Go("sleeper", func(ev *tevent.Context) {
		sleep(t, ev, time.Second)
		woke = w.Elapsed()
	})
	w.After(time.Millisecond, func() { p.Signal(syscall.SIGSTOP) })
	w.After(time.Minute, func() { p.Signal(syscall.SIGCONT) })
	run(t, w)
	if woke < time.Minute || woke > time.Minute+time.Second {
		t.Errorf("woke after %v", woke)
	}
}

func TestKilledProcessDoesNothingMore(t *testing.T) {
	w := sim.Test(t)
	deferred, after, posted := false, false, true
	p := w.Host().Go("victim", func(ev *tevent.Context) {
		defer func() {
			deferred = true
			posted = ev.Post(func() { after = true })
			_ = ev.Close()
			_ = ev.LoopOnce()
		}()
		ev.OnPanic(func(*tevent.PanicError) bool { after = true; return true })
		tevent.Sleep(ev, time.Hour).SetCallback(func(tevent.Req[tevent.None]) { after = true })
		_, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Hour))
		after = true
	})
	w.After(time.Second, p.Kill)
	run(t, w)
	if !deferred || posted || after || !p.Exited() {
		t.Errorf("deferred %v, posted %v, ran on %v, exited %v", deferred, posted, after, p.Exited())
	}
}

func TestProcessMayKillItself(t *testing.T) {
	w := sim.Test(t)
	var p *sim.Proc
	after := false
	p = w.Host().Go("suicide", func(ev *tevent.Context) {
		p.Kill()
		_ = ev.LoopOnce()
		after = ev.Post(func() {})
	})
	run(t, w)
	if after {
		t.Error("its context is alive")
	}
}

func TestOffloadedWorkEndsLater(t *testing.T) {
	w := sim.Test(t)
	var began, ended time.Duration
	w.Host().Go("worker", func(ev *tevent.Context) {
		began = w.Elapsed()
		v, err := tevent.Wait(ev, tevent.Offload(ev, func() (int, error) { ended = w.Elapsed(); return 7, nil }))
		if v != 7 || err != nil {
			t.Error(v, err)
		}
	})
	run(t, w)
	if ended <= began {
		t.Errorf("began at %v, ended at %v", began, ended)
	}
}

func TestAProcessIsNotCalledFromOutside(t *testing.T) {
	w := sim.Test(t)
	p := w.Host().Go("sleeper", func(ev *tevent.Context) { sleep(t, ev, time.Hour) })
	if err := w.RunFor(time.Second); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("it was")
		}
	}()
	_ = p.Context().LoopOnce()
}

// Processes that do not sleep see each other's steps in between.
func TestProcessesRunInEachOthersMiddle(t *testing.T) {
	mixed := 0
	for seed := range uint64(40) {
		w := sim.New(seed)
		steps := ""
		for _, name := range []string{"a", "b"} {
			w.Host().Go(name, func(ev *tevent.Context) {
				for range 20 {
					steps += name
					sleep(t, ev, 0)
				}
			})
		}
		run(t, w)
		w.Close()
		if strings.Contains(strings.Trim(steps, "a"), "a") || strings.Contains(strings.Trim(steps, "b"), "b") {
			mixed++
		}
	}
	if mixed < 10 {
		t.Errorf("in %d of 40 worlds", mixed)
	}
}
