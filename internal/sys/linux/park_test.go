//go:build linux

package linux

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestWaitNeverEarly(t *testing.T) {
	for _, spin := range []time.Duration{0, 20 * time.Microsecond, time.Hour} {
		k, p := newPoller(t)
		p.Spin = spin
		for d := time.Microsecond; d < 4*time.Millisecond; d *= 2 {
			deadline := k.Now() + int64(d)
			expect(t, p, deadline)
			if now := k.Now(); now < deadline {
				t.Fatalf("spin %v: %v before the deadline", spin, time.Duration(deadline-now))
			}
		}
	}
}

func TestDeadlineIsNotArmedWithoutNeedToSleep(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	send(t, k, s[1], "x")
	expect(t, p, k.Now()+int64(time.Hour), sys.Event{Token: 7, Ready: sys.In})
	if p.armed != sys.Never {
		t.Fatal("armed")
	}
}

func TestLaterDeadlineIsNotArmed(t *testing.T) {
	k, p := newPoller(t)
	first := k.Now() + int64(time.Hour)
	for _, deadline := range []int64{first, first + 1, sys.Never} {
		s := pair(t, k)
		must(t, p.Add(s[0], 7, sys.Edge))
		whenAsleep(t, p, func() { send(t, NewKernel(), s[1], "x") })
		expect(t, p, deadline, sys.Event{Token: 7, Ready: sys.In})
		if p.armed != first {
			t.Fatal("armed again")
		}
	}
}

func TestDeadlineThatPassesTooEarlyDoesNotEndTheSleep(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	first := k.Now() + int64(time.Millisecond)
	p.arm(first)
	later := first + int64(3*time.Millisecond)
	expect(t, p, later)
	if k.Now() < later {
		t.Fatal("early")
	}
}

func TestSleepBlocksNoThread(t *testing.T) {
	const sleepers = 50
	var all sync.WaitGroup
	var pollers []*Poller
	before := threads(t)
	for range sleepers {
		_, p := newPoller(t)
		pollers = append(pollers, p)
		all.Go(func() { p.Wait(make([]sys.Event, 1), sys.Never) })
	}
	for _, p := range pollers {
		for p.state.Load() != asleep {
			runtime.Gosched()
		}
	}
	if n := threads(t) - before; n > sleepers/2 {
		t.Errorf("%d threads for %d sleeping loops", n, sleepers)
	}
	for _, p := range pollers {
		p.Wake()
	}
	all.Wait()
}

func threads(t *testing.T) int {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, b, _ = bytes.Cut(b, []byte("Threads:"))
	b, _, _ = bytes.Cut(b, []byte("\n"))
	n, err := strconv.Atoi(string(bytes.TrimSpace(b)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSpinEndsWithoutSleep(t *testing.T) {
	k, p := newPoller(t)
	p.Spin = time.Hour
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	other := NewKernel()
	for range 10 {
		var all sync.WaitGroup
		all.Go(func() { send(t, other, s[1], "x") })
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
		all.Wait()
		all.Go(p.Wake)
		expect(t, p, sys.Never)
		all.Wait()
	}
}

func TestSpinIsBounded(t *testing.T) {
	k, p := newPoller(t)
	p.Spin = 50 * time.Microsecond
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	whenAsleep(t, p, func() { send(t, NewKernel(), s[1], "x") }) // it does fall asleep
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
}

func TestPollerTakesOneDescriptor(t *testing.T) {
	newPoller(t) // the runtime opens its own with the first
	k, p := newPoller(t)
	if flags, err := unix.FcntlInt(uintptr(p.ep), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Fatal("the epoll descriptor is inherited", err)
	}
	// free is the two lowest numbers that a new descriptor can get.
	free := func() [2]int {
		s := pair(t, k)
		must(t, k.Close(s[0]))
		must(t, k.Close(s[1]))
		free := *s
		s[0], s[1] = -1, -1
		return free
	}
	before := free()
	_, q := newPoller(t)
	if after := free(); q.ep != before[0] || after[0] != before[1] {
		t.Fatalf("before %v, epoll %d, after %v", before, q.ep, after)
	}
	q.Close()
	if free() != before {
		t.Fatal("Close leaves a descriptor")
	}
}

// The number of an epoll descriptor that somebody closed may be another's; the
// collector leaves it alone as well.
func TestTakenNumberIsLeftAlone(t *testing.T) {
	open := func(fd int) bool {
		_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		return err == nil
	}
	dropped := func() int {
		p, err := NewPoller(NewKernel())
		if err != nil {
			t.Fatal(err)
		}
		return p.ep
	}
	taken := func() int {
		p, err := NewPoller(NewKernel())
		if err != nil {
			t.Fatal(err)
		}
		ep, fd := p.ep, pair(t, NewKernel())[0]
		if err := unix.Dup3(fd, ep, unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		p.Close()
		p.Close()
		return ep
	}()
	defer unix.Close(taken)
	for range 3 {
		for fd := dropped(); open(fd); { // until the collector has closed that one
			runtime.GC()
		}
	}
	if !open(taken) {
		t.Fatal("closed")
	}
}
