//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func sleeps(t *testing.T, on System) {
	tests{
		{"WaitIsNeverEarly", on.WaitIsNeverEarly},
		{"WaitWithAPastDeadlineOnlyLooks", on.WaitWithAPastDeadlineOnlyLooks},
		{"EarlierDeadlineIsArmed", on.EarlierDeadlineIsArmed},
		{"WaitAllocatesNothing", on.WaitAllocatesNothing},
		{"LoopThatDoesNotSleepLetsOthersRun", on.LoopThatDoesNotSleepLetsOthersRun},
		{"WakeBeforeWaitIsNotLost", on.WakeBeforeWaitIsNotLost},
		{"WakeEndsSleep", on.WakeEndsSleep},
		{"WakesEndOneSleepTogether", on.WakesEndOneSleepTogether},
		{"WakeDoesNotHideEvents", on.WakeDoesNotHideEvents},
		{"WakeOutlivesAWaitThatOnlyLooks", on.WakeOutlivesAWaitThatOnlyLooks},
		{"NoWakeIsLost", on.NoWakeIsLost},
		{"WakePublishes", on.WakePublishes},
		{"WakeAfterCloseIsHarmless", on.WakeAfterCloseIsHarmless},
		{"ClosedPollerAnswersEBADF", on.ClosedPollerAnswersEBADF},
	}.run(t)
}

func (on System) WaitIsNeverEarly(t *testing.T) {
	k, p := on.poller(t)
	for d := time.Microsecond; d < 4*time.Millisecond; d *= 2 {
		deadline := k.Now() + int64(d)
		expect(t, p, deadline)
		if now := k.Now(); now < deadline {
			t.Fatalf("%v before the deadline", time.Duration(deadline-now))
		}
	}
}

func (on System) WaitWithAPastDeadlineOnlyLooks(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	expect(t, p, -1<<63)
	expect(t, p, k.Now())
	send(t, k, s[1], "x")
	expect(t, p, k.Now(), sys.Event{Token: 7, Ready: sys.In})
}

func (on System) EarlierDeadlineIsArmed(t *testing.T) {
	k, p := on.poller(t)
	for range 3 {
		on.whenAsleep(t, p, p.Wake)
		expect(t, p, k.Now()+int64(time.Hour))
		expect(t, p, k.Now()+int64(time.Millisecond)) // or this takes an hour
	}
}

func (on System) WaitAllocatesNothing(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	events := make([]sys.Event, 4)
	b := make([]byte, 1)
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"look", func() { p.Wait(events, look) }},
		{"sleep", func() { p.Wait(events, k.Now()+int64(50*time.Microsecond)) }},
		{"events", func() { unix.Write(s[1], b); p.Wait(events, sys.Never); unix.Read(s[0], b); p.Want(s[0], 7, sys.In) }},
		{"wake", func() { p.Wake(); p.Wait(events, sys.Never) }},
		{"interest", func() { p.Del(s[0], 7); p.Add(s[0], 7, sys.Edge); p.Want(s[0], 7, sys.Out) }},
	} {
		if n := testing.AllocsPerRun(100, c.f); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

func (on System) LoopThatDoesNotSleepLetsOthersRun(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	k, p := on.poller(t)
	var ran atomic.Bool
	var all sync.WaitGroup
	all.Go(func() { ran.Store(true) })
	const turn = int64(time.Millisecond)
	// The scheduler need not choose the other at once, but within a few turns;
	// it takes a CPU away by itself after 10 ms only. Turns are counted, not time,
	// which goes by too while the system runs other programs.
	for turns, last := 0, k.Now(); turns < 4; {
		p.Wait(make([]sys.Event, 1), look)
		if now := k.Now(); now-last >= turn {
			turns, last = turns+1, now
		}
	}
	if !ran.Load() {
		t.Error("a loop that went a turn without sleep did not yield")
	}
	all.Wait()
}
