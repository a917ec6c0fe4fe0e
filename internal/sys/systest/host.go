//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func hosts(t *testing.T, on System) {
	tests{
		{"NotifyPassesEachSignalItWatches", on.NotifyPassesEachSignalItWatches},
		{"NothingIsCalledAfterStop", on.NothingIsCalledAfterStop},
		{"StopRestoresTheDisposition", on.StopRestoresTheDisposition},
		{"NotifyOfNoSignalsWatchesNone", on.NotifyOfNoSignalsWatchesNone},
		{"GoRunsAgainAfterItWasIdle", on.GoRunsAgainAfterItWasIdle},
		{"GoRunsAtMostItsBound", on.GoRunsAtMostItsBound},
		{"GoUsesItsWholeBound", on.GoUsesItsWholeBound},
		{"GoKeepsTheOrder", on.GoKeepsTheOrder},
		{"FunctionThatEndsItsGoroutineFreesItsPlace", on.FunctionThatEndsItsGoroutineFreesItsPlace},
		{"GoDoesNotBlockItsCaller", on.GoDoesNotBlockItsCaller},
		{"AfterIsNeverEarly", on.AfterIsNeverEarly},
		{"WhatWasStoppedBeforeItsTimeIsNotCalled", on.WhatWasStoppedBeforeItsTimeIsNotCalled},
		{"EachRunsAllAtOnceAndWaitsForThem", on.EachRunsAllAtOnceAndWaitsForThem},
	}.run(t)
}

func raise(t *testing.T, sig unix.Signal) {
	t.Helper()
	if err := unix.Kill(unix.Getpid(), sig); err != nil {
		t.Fatal(err)
	}
}

func (on System) NotifyPassesEachSignalItWatches(t *testing.T) {
	h := on.Host(0)
	got := make(chan os.Signal, 8)
	stop := h.Notify([]os.Signal{unix.SIGUSR1, unix.SIGUSR2}, func(s os.Signal) { got <- s })
	defer stop()
	for _, want := range []unix.Signal{unix.SIGUSR1, unix.SIGUSR2, unix.SIGUSR1} {
		raise(t, want)
		if s := <-got; s != want {
			t.Fatal(s)
		}
	}
}

func (on System) NothingIsCalledAfterStop(t *testing.T) {
	h := on.Host(0)
	witness := make(chan os.Signal, 200)
	signal.Notify(witness, unix.SIGUSR1) // keeps the signal from killing us after stop
	defer signal.Stop(witness)
	for range 50 {
		calls := 0 // plain: the race detector sees a call that overlaps
		stop := h.Notify([]os.Signal{unix.SIGUSR1}, func(os.Signal) { calls++ })
		raise(t, unix.SIGUSR1)
		stop()
		after := calls
		raise(t, unix.SIGUSR1)
		<-witness
		if calls != after {
			t.Fatal("called after stop")
		}
		stop()
	}
}

func (on System) StopRestoresTheDisposition(t *testing.T) {
	const child = "TSOCKET_TEST_STOP"
	if os.Getenv(child) != "" {
		on.Host(0).Notify([]os.Signal{unix.SIGTERM}, func(os.Signal) {})()
		terminate()
		t.Fatal("survived")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
	cmd.Env = append(os.Environ(), child+"=1")
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != unix.SIGTERM {
		t.Fatalf("the signal did not kill after stop: %v", err)
	}
}

func (on System) NotifyOfNoSignalsWatchesNone(t *testing.T) {
	h := on.Host(0)
	witness := make(chan os.Signal, 1)
	signal.Notify(witness, unix.SIGWINCH)
	defer signal.Stop(witness)
	defer h.Notify(nil, func(s os.Signal) { t.Error(s) })()
	for range 20 {
		raise(t, unix.SIGWINCH)
		<-witness
	}
}

func (on System) GoRunsAgainAfterItWasIdle(t *testing.T) {
	h := on.Host(1)
	for range 100 {
		done := make(chan struct{})
		h.Go(func() { close(done) })
		<-done
	}
}

func (on System) GoRunsAtMostItsBound(t *testing.T) {
	const workers, jobs = 3, 200
	h := on.Host(workers)
	var running, most atomic.Int32
	var all sync.WaitGroup
	all.Add(jobs)
	for range jobs {
		h.Go(func() {
			defer all.Done()
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			runtime.Gosched()
			running.Add(-1)
		})
	}
	all.Wait()
	if n := most.Load(); n > workers {
		t.Fatalf("%d at a time, want at most %d", n, workers)
	}
}

func (on System) GoUsesItsWholeBound(t *testing.T) {
	const workers = 5
	h := on.Host(workers)
	var meet, all sync.WaitGroup
	meet.Add(workers)
	all.Add(workers)
	for range workers {
		h.Go(func() {
			defer all.Done()
			meet.Done()
			meet.Wait() // returns when all of them run
		})
	}
	all.Wait()
}

func (on System) GoKeepsTheOrder(t *testing.T) {
	h := on.Host(1)
	var order []int
	done := make(chan struct{})
	for i := range 100 {
		h.Go(func() { order = append(order, i) })
	}
	h.Go(func() { close(done) })
	<-done
	for i, n := range order {
		if i != n {
			t.Fatal(order)
		}
	}
}

func (on System) FunctionThatEndsItsGoroutineFreesItsPlace(t *testing.T) {
	h := on.Host(1)
	done := make(chan struct{})
	h.Go(runtime.Goexit)
	h.Go(func() { close(done) })
	<-done
}

func (on System) GoDoesNotBlockItsCaller(t *testing.T) {
	h := on.Host(1)
	release, done := make(chan struct{}), make(chan struct{})
	h.Go(func() { <-release })
	for range 1000 {
		h.Go(func() {})
	}
	h.Go(func() { close(done) })
	close(release)
	<-done
}

func (on System) AfterIsNeverEarly(t *testing.T) {
	h, k := on.Host(1), on.Kernel()
	const d = 5 * time.Millisecond
	called := make(chan int64, 2)
	begin := k.Now()
	h.After(d, func() { called <- k.Now() })
	if at := <-called; at-begin < int64(d) {
		t.Errorf("called after %v", time.Duration(at-begin))
	}
}

func (on System) WhatWasStoppedBeforeItsTimeIsNotCalled(t *testing.T) {
	h := on.Host(1)
	later := make(chan struct{})
	stop := h.After(10*time.Millisecond, func() { t.Error("called") })
	stop()
	h.After(20*time.Millisecond, func() { close(later) })
	<-later
	stop() // again
}

// Loops are no pool workers: all of them run at once, whatever the bound of Go.
func (on System) EachRunsAllAtOnceAndWaitsForThem(t *testing.T) {
	h := on.Host(1)
	const n = 5
	var together sync.WaitGroup
	together.Add(n)
	var seen [n]atomic.Int32
	h.Each(n, func(i int) {
		together.Done()
		together.Wait() // for the others
		seen[i].Add(1)
	})
	for i := range seen {
		if seen[i].Load() != 1 {
			t.Fatal(i, seen[i].Load())
		}
	}
	h.Each(0, func(int) { t.Error("called") })
}
