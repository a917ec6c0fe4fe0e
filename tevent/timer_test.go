package tevent_test

import (
	"math"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func timerAt(ev *tevent.Context, d time.Duration, f func()) *tevent.Timer {
	tm := tevent.NewTimer(ev, f)
	tm.Reset(d)
	return tm
}

func TestEqualTimersFireInOrderOfSetting(t *testing.T) {
	_, ev := newWorld(t)
	var s steps
	at := ev.Now().Add(time.Second)
	a, b, c := tevent.NewTimer(ev, s.adder("a")), tevent.NewTimer(ev, s.adder("b")), tevent.NewTimer(ev, s.adder("c"))
	for _, tm := range []*tevent.Timer{a, b, c, a} { // a reset counts as a new creation
		tm.ResetAt(at)
	}
	timerAt(ev, 0, s.adder("zero"))
	timerAt(ev, 500*time.Millisecond, s.adder("earlier"))
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	s.want(t, "zero", "earlier", "b", "c", "a")
}

func TestTimersNeverEarly(t *testing.T) {
	w, ev := newWorld(t)
	ev.SetWaitTimeout(0)
	fired := false
	timerAt(ev, time.Second, func() { fired = true })
	w.pass(time.Second - 1)
	turn(t, ev)
	if fired {
		t.Fatal("a nanosecond early")
	}
	w.pass(1)
	turn(t, ev)
	if !fired {
		t.Fatal("not at its time")
	}
}

// On the real clock: whenever a timer fires, its time has come.
func TestTimersNeverEarlyOnTheRealClock(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	for i := range 20 {
		due := ev.Now().Add(time.Duration(i*137) * time.Microsecond)
		tevent.NewTimer(ev, func() {
			if now := ev.Now(); now.Before(due) {
				t.Errorf("%v early", due.Sub(now))
			}
		}).ResetAt(due)
	}
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
}

func TestZeroTimerInZeroTimerRunsInLaterTurn(t *testing.T) {
	_, ev := newWorld(t)
	var s steps
	timerAt(ev, 0, func() {
		s.add("first")
		timerAt(ev, 0, s.adder("nested"))
		timerAt(ev, -time.Hour, s.adder("nested, past"))
	})
	timerAt(ev, 0, s.adder("second"))
	turn(t, ev)
	s.want(t, "first", "second")
	turn(t, ev)
	s.want(t, "first", "second", "nested", "nested, past")
}

func TestPastTimersFireInOrderOfTime(t *testing.T) {
	_, ev := newWorld(t)
	var s steps
	now := ev.Now()
	for _, d := range []time.Duration{-1, -3, -2} {
		tevent.NewTimer(ev, s.adder(d.String())).ResetAt(now.Add(d))
	}
	turn(t, ev)
	s.want(t, "-3ns", "-2ns", "-1ns")
}

func TestTimerMayBeStoppedOrResetInAnyHandler(t *testing.T) {
	_, ev := newWorld(t)
	var s steps
	victim := tevent.NewTimer(ev, s.adder("victim"))
	moved := tevent.NewTimer(ev, s.adder("moved"))
	var own *tevent.Timer
	n := 0
	own = timerAt(ev, 0, func() {
		s.add("own")
		if own.Armed() || own.Stop() {
			t.Error("it has fired")
		}
		if !victim.Stop() || victim.Stop() || victim.Armed() {
			t.Error("not stopped once")
		}
		moved.Reset(time.Second)
		if n++; n < 2 {
			own.Reset(time.Minute)
			victim.Reset(time.Hour)
		}
	})
	victim.Reset(0)
	moved.Reset(0)
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	s.want(t, "own", "moved", "own", "moved")
}

func TestTimerFiresOnce(t *testing.T) {
	_, ev := newWorld(t)
	n := 0
	tm := timerAt(ev, time.Second, func() { n++ })
	if !tm.Armed() {
		t.Fatal("not armed")
	}
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	timerAt(ev, time.Minute, func() {})
	if err := ev.LoopWait(); err != nil || n != 1 {
		t.Fatal(n, err)
	}
}

func TestTimerInTheFarFutureDoesNotWrap(t *testing.T) {
	w, ev := newWorld(t)
	ev.SetWaitTimeout(time.Second)
	for _, d := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1} {
		tm := timerAt(ev, d, func() { t.Error("fired") })
		defer tm.Stop()
	}
	turn(t, ev)
	turn(t, ev)
	if len(w.sleeps) != 2 {
		t.Fatal(w.sleeps)
	}
}

func TestSleepCompletesAtItsTime(t *testing.T) {
	_, ev := newWorld(t)
	before := ev.Now()
	if _, err := tevent.Wait(ev, tevent.Sleep(ev, 5*time.Second)); err != nil {
		t.Fatal(err)
	}
	if d := ev.Now().Sub(before); d != 5*time.Second {
		t.Fatal(d)
	}
}

func TestSleepOfNothingStillTakesATurn(t *testing.T) {
	_, ev := newWorld(t)
	for _, d := range []time.Duration{0, -time.Hour} {
		r := tevent.Sleep(ev, d)
		if !r.InProgress() {
			t.Fatal("in place")
		}
		turn(t, ev)
		if _, err := r.Result(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSleepCanBeCancelledAndLeavesNoTimer(t *testing.T) {
	_, ev := newWorld(t)
	r := tevent.Sleep(ev, time.Hour)
	if !r.Cancel() {
		t.Fatal("refused")
	}
	if _, err := r.Result(); err == nil {
		t.Fatal("no error")
	}
	before := ev.Now()
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	if d := ev.Now().Sub(before); d != 0 {
		t.Fatalf("waited %v for a timer that is gone", d)
	}
}
