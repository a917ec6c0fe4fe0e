package tevent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

func TestCallbackNeverRunsInsideDone(t *testing.T) {
	ev := newContext(t)
	ways := map[string]func(*job){
		"Done":   func(j *job) { j.Done(1) },
		"Fail":   func(j *job) { j.Fail(errors.New("no")) },
		"Finish": func(j *job) { j.Finish(1, nil) },
	}
	for name, finish := range ways { // in any order
		j := start(ev, name)
		o := watch(j.Req())
		finish(j)
		if o.calls != 0 {
			t.Fatalf("%s: the callback ran inside", name)
		}
		turn(t, ev)
		if o.calls != 1 {
			t.Fatalf("%s: %d calls after a turn", name, o.calls)
		}
	}
}

func TestCallbackNeverRunsInsideCancelDropOrDeadline(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "cancelled")
	j.SetCancel(j.Fail)
	o := watch(j.Req())
	if !j.Req().Cancel() || o.calls != 0 {
		t.Fatal(o)
	}
	late := start(ev, "late")
	l := watch(late.Req().SetTimeout(-time.Second))
	if l.calls != 0 {
		t.Fatal(l)
	}
	turn(t, ev)
	turn(t, ev)
	if o.calls != 1 || l.calls != 1 || !errors.Is(l.err, tevent.ErrDeadline) {
		t.Fatal(o, l)
	}
	late.Done(0)
}

func TestCallbackRunsOnAnEmptyStackOfCallbacks(t *testing.T) {
	ev := newContext(t)
	var s steps
	first, second := start(ev, "first"), start(ev, "second")
	second.Req().SetCallback(func(tevent.Req[int]) { s.add("second") })
	first.Req().SetCallback(func(tevent.Req[int]) {
		s.add("first")
		second.Done(2)
		s.add("returns")
	})
	first.Done(1)
	turn(t, ev)
	s.want(t, "first", "returns", "second")
}

func TestCallbackSetOnFinishedRequestRunsFromTheLoop(t *testing.T) {
	ev := newContext(t)
	for _, turns := range []int{0, 1, 3} {
		j := start(ev, "job")
		j.Done(7)
		for range turns {
			turn(t, ev)
		}
		o := watch(j.Req())
		if o.calls != 0 {
			t.Fatal("in place")
		}
		turn(t, ev)
		if o.calls != 1 || o.v != 7 || o.err != nil {
			t.Fatalf("after %d turns: %s", turns, o)
		}
	}
}

func TestSecondCallbackReplacesTheFirst(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	first, second := watch(j.Req()), watch(j.Req())
	j.Done(1)
	third := watch(j.Req())
	turn(t, ev)
	if first.calls != 0 || second.calls != 0 || third.calls != 1 {
		t.Fatal(first, second, third)
	}
}

// A completion is delivered in the turn in which it happens, wherever that is.
func TestCompletionCostsNoExtraTurn(t *testing.T) {
	w, ev := newWorld(t)
	ev.SetWaitTimeout(0)
	var finish func()
	fd, err := tevent.NewFD(ev, 5, tevent.FDRead, func(tevent.Flags) { finish() })
	if err != nil {
		t.Fatal(err)
	}
	defer fd.Close()
	im := tevent.NewImmediate(ev, func() { finish() })
	ways := map[string]func(){
		"posted function": func() { ev.Post(func() { finish() }) },
		"immediate":       im.Schedule,
		"flush":           im.ScheduleFlush,
		"answer":          im.ScheduleAnswer,
		"timer":           func() { tevent.NewTimer(ev, func() { finish() }).Reset(0) },
		"fd event":        func() { w.happen(5, sys.In) },
	}
	for name, prepare := range ways { // in any order
		j := start(ev, "job")
		o := watch(j.Req())
		finish = func() { j.Done(1) }
		prepare()
		turn(t, ev)
		if o.calls != 1 {
			t.Errorf("%s: %s", name, o)
		}
	}
}

func TestTurnRuns1024EntriesAndTheNextDoesNotSleep(t *testing.T) {
	w, ev := newWorld(t)
	var all []*outcome
	for range 2500 {
		j := start(ev, "job")
		all = append(all, watch(j.Req()))
		j.Done(1)
	}
	for _, want := range []int{1024, 2048, 2500} {
		turn(t, ev)
		done := 0
		for _, o := range all {
			done += o.calls
		}
		if done != want {
			t.Fatalf("%d delivered, want %d", done, want)
		}
	}
	if len(w.sleeps) != 0 {
		t.Fatalf("slept until %v", w.sleeps)
	}
}

func TestDeferKeepsTheCallbackOutOfTheTurn(t *testing.T) {
	w, ev := newWorld(t)
	j := start(ev, "job")
	o := watch(j.Req())
	ev.Post(func() {
		j.Defer()
		j.Done(1)
	})
	turn(t, ev)
	if o.calls != 0 {
		t.Fatal("in the same turn")
	}
	turn(t, ev)
	if o.calls != 1 || len(w.sleeps) != 0 {
		t.Fatal(o, w.sleeps)
	}
}

func TestDeferAfterTheFinishLosesNothing(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	j.Done(1)
	j.Defer()
	turn(t, ev)
	o := watch(j.Req())
	turn(t, ev)
	turn(t, ev)
	if o.calls != 1 {
		t.Fatal(o)
	}
}

func TestCallbackMayStartTheSameOperationAgain(t *testing.T) {
	ev := newContext(t)
	j := &job{}
	n := 0
	var again func(tevent.Req[int])
	again = func(r tevent.Req[int]) {
		if _, err := r.Result(); err != nil {
			t.Fatal(err)
		}
		if n++; n < 3 {
			j.Start(ev, "again")
			j.Req().SetCallback(again)
			j.Done(n)
		}
	}
	j.Start(ev, "first")
	j.Req().SetCallback(again)
	j.Done(0)
	turn(t, ev)
	if n != 3 || j.State() != tevent.StateFree {
		t.Fatal(n, j)
	}
}
