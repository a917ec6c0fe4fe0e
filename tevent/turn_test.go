package tevent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// watchFD is an FD event that ends with the test.
func watchFD(t *testing.T, ev *tevent.Context, fd int, flags tevent.Flags, f func(tevent.Flags)) *tevent.FD {
	t.Helper()
	e, err := tevent.NewFD(ev, fd, flags, f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// Each phase finishes a request, whose callback runs before the next phase.
func TestTurnOrder(t *testing.T) {
	w, ev := newWorld(t)
	var s steps
	phase := func(what string) func() {
		j := start(ev, what)
		j.Req().SetCallback(func(tevent.Req[int]) { s.add("after " + what) })
		return func() { s.add(what); j.Done(1) }
	}
	watchFD(t, ev, 4, tevent.FDRead, func(tevent.Flags) { phase("fd 2")() })
	fd := phase("fd 1")
	watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) { fd() })
	w.happen(3, sys.In)
	w.happen(4, sys.In)
	tevent.NewImmediate(ev, phase("flush")).ScheduleFlush()
	tevent.NewTimer(ev, phase("timer 1")).Reset(0)
	tevent.NewTimer(ev, phase("timer 2")).Reset(0)
	tevent.NewImmediate(ev, phase("immediate")).Schedule()
	ev.Post(phase("posted 1"))
	ev.Post(phase("posted 2"))
	turn(t, ev)
	s.want(t, "posted 1", "immediate", "after posted 1", "after immediate", "posted 2", "after posted 2",
		"timer 1", "after timer 1", "timer 2", "after timer 2", "flush", "after flush",
		"fd 1", "after fd 1", "fd 2", "after fd 2")
}

// An FD event is a burst of its own; what gathers behind it does not wait for
// what gathers before the wait, and is gathered before that.
func TestAnswersRunBehindTheirBurst(t *testing.T) {
	w, ev := newWorld(t)
	var s steps
	for fd, name := range map[int]string{3: "1", 4: "2"} { // in any order
		answer := tevent.NewImmediate(ev, s.adder("answer "+name))
		flush := tevent.NewImmediate(ev, s.adder("flush "+name))
		watchFD(t, ev, fd, tevent.FDRead, func(tevent.Flags) {
			s.add("fd " + name)
			flush.ScheduleFlush()
			answer.ScheduleAnswer()
		})
	}
	w.happen(3, sys.In)
	w.happen(4, sys.In)
	turn(t, ev)
	s.want(t, "fd 1", "answer 1", "fd 2", "answer 2", "flush 1", "flush 2")
	tevent.NewImmediate(ev, s.adder("flush")).ScheduleFlush()
	tevent.NewImmediate(ev, s.adder("answer")).ScheduleAnswer()
	turn(t, ev)
	s.want(t, "fd 1", "answer 1", "fd 2", "answer 2", "flush 1", "flush 2", "answer", "flush")
}

func TestImmediateOfAnImmediateRunsBehindOthersAndBeforeTimers(t *testing.T) {
	ev := newContext(t)
	var s steps
	nested := tevent.NewImmediate(ev, s.adder("nested"))
	tevent.NewImmediate(ev, func() { s.add("first"); nested.Schedule() }).Schedule()
	tevent.NewImmediate(ev, s.adder("second")).Schedule()
	tevent.NewTimer(ev, s.adder("timer")).Reset(0)
	turn(t, ev)
	s.want(t, "first", "second", "nested", "timer")
}

func TestScheduleMovesAnImmediateToTheEnd(t *testing.T) {
	ev := newContext(t)
	var s steps
	a := tevent.NewImmediate(ev, s.adder("a"))
	b := tevent.NewImmediate(ev, s.adder("b"))
	a.Schedule()
	b.Schedule()
	a.Schedule()
	s.want(t)
	turn(t, ev)
	s.want(t, "b", "a")
	if a.Scheduled() {
		t.Fatal("still scheduled")
	}
}

func TestCancelledImmediateDoesNotRun(t *testing.T) {
	ev := newContext(t)
	var s steps
	a := tevent.NewImmediate(ev, s.adder("a"))
	a.Schedule()
	if !a.Scheduled() || !a.Cancel() || a.Cancel() || a.Scheduled() {
		t.Fatal("not cancelled once")
	}
	turn(t, ev)
	s.want(t)
}

// Everything that can go on for ever does; each of the others has its turn.
func TestNothingStarves(t *testing.T) {
	w, ev := newWorld(t)
	counts := map[string]int{}
	var im *tevent.Immediate
	im = tevent.NewImmediate(ev, func() { counts["immediate"]++; im.Schedule() })
	var flush *tevent.Immediate
	flush = tevent.NewImmediate(ev, func() { counts["flush"]++; flush.ScheduleFlush() })
	var answer *tevent.Immediate
	answer = tevent.NewImmediate(ev, func() { counts["answer"]++; answer.ScheduleAnswer() })
	timer := func(name string, past time.Duration) {
		var tm *tevent.Timer
		tm = tevent.NewTimer(ev, func() {
			counts[name]++
			tm.ResetAt(ev.Now().Add(-past))
		})
		tm.Reset(0)
		t.Cleanup(func() { tm.Stop() })
	}
	timer("zero timer", 0)
	timer("timer in the past", time.Minute)
	timer("timer long past", time.Hour/2)
	var post func()
	post = func() { counts["posted"]++; ev.Post(post) }
	for _, fd := range []int{3, 4} {
		watchFD(t, ev, fd, tevent.FDRead, func(tevent.Flags) { counts["fd"]++ })
	}
	im.Schedule()
	flush.ScheduleFlush()
	answer.ScheduleAnswer()
	post()
	const turns = 10
	for range turns {
		w.happen(3, sys.In)
		w.happen(4, sys.In)
		turn(t, ev)
	}
	for name, want := range map[string]int{ // in any order
		"flush": turns, "answer": 2 * turns, "zero timer": turns, "timer in the past": turns, "timer long past": turns,
		"posted": turns, "fd": 2 * turns, "immediate": turns * 1000,
	} {
		if counts[name] < want {
			t.Errorf("%s: %d times in %d turns", name, counts[name], turns)
		}
	}
	im.Cancel()
	flush.Cancel()
}

func TestAtMost256PostedFunctionsATurn(t *testing.T) {
	w, ev := newWorld(t)
	n := 0
	for range 600 {
		ev.Post(func() { n++ })
	}
	for _, want := range []int{256, 512, 600} {
		turn(t, ev)
		if n != want {
			t.Fatalf("%d ran, want %d", n, want)
		}
	}
	if len(w.sleeps) != 0 {
		t.Fatal(w.sleeps)
	}
}

// Events that one turn leaves over come first in the next.
func TestEventsBeyondTheBudgetStay(t *testing.T) {
	w, ev := newWorld(t)
	var s steps
	var all []*outcome
	watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) {
		s.add("flood")
		for range 1500 {
			j := start(ev, "job")
			all = append(all, watch(j.Req()))
			j.Done(1)
		}
	})
	watchFD(t, ev, 4, tevent.FDRead, func(tevent.Flags) { s.add("other") })
	w.happen(3, sys.In)
	w.happen(4, sys.In)
	turn(t, ev)
	s.want(t, "flood")
	turn(t, ev)
	s.want(t, "flood", "other")
	for _, o := range all {
		if o.calls != 1 {
			t.Fatal(o)
		}
	}
}

func TestErrorOfTheSystemEndsTheTurn(t *testing.T) {
	bad := tevent.NewOn(clock{now: new(int64)}, badPoller{}, idleHost{})
	if err := bad.LoopOnce(); !errors.Is(err, sys.Errno(9)) {
		t.Fatal(err)
	}
	if err := bad.LoopOnce(); !errors.Is(err, sys.Errno(9)) {
		t.Fatal("the level is not intact", err)
	}
}

type badPoller struct{ sys.Poller }

func (badPoller) Wait([]sys.Event, int64) (int, sys.Errno) { return 0, 9 }
func (badPoller) Keeps() bool                              { return false }
