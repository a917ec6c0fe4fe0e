package tevent_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestPanicPropagatesWithStateCommitted(t *testing.T) {
	ev := newContext(t)
	bad, good := start(ev, "bad"), start(ev, "good")
	released := releases(bad)
	bad.Req().SetCallback(func(tevent.Req[int]) { panic("boom") })
	o := watch(good.Req())
	bad.Done(1)
	good.Done(2)
	if text := panicOf(t, func() { _ = ev.LoopOnce() }); text != "boom" {
		t.Fatal(text)
	}
	if bad.State() != tevent.StateFree || len(*released) != 1 {
		t.Fatal(bad, *released) // its callback returned without Result
	}
	turn(t, ev)
	if o.calls != 1 {
		t.Fatal("what was ready got lost")
	}
}

func TestPanicOfAStepLeavesTheParent(t *testing.T) {
	ev := newContext(t)
	p, j := start(ev, "parent"), start(ev, "child")
	o := watch(p.Req())
	j.Req().Then(p, func(int) { panic("boom") })
	j.Done(1)
	panicOf(t, func() { _ = ev.LoopOnce() })
	if j.State() != tevent.StateFree || !p.InProgress() {
		t.Fatal(j, p)
	}
	p.Done(2)
	turn(t, ev)
	if o.v != 2 {
		t.Fatal(o)
	}
}

// What finishes a request calls cleanup, closers and children's cancel
// functions; a panic in there does not lose the outcome.
func TestPanicInsideAFinishDoesNotLoseTheOutcome(t *testing.T) {
	ev := newContext(t)
	for name, prepare := range map[string]func(*job){ // in any order
		"cleanup": func(j *job) {
			j.SetCleanup(func(s tevent.State) {
				if s == tevent.StateDone {
					panic("boom")
				}
			})
		},
		"closer": func(j *job) { j.Own(&closer{func() { panic("boom") }}) },
		"child": func(j *job) {
			child := start(ev, "child")
			asked := false
			child.SetCancel(func(cause error) bool {
				if asked {
					return child.Fail(cause)
				}
				asked = true
				panic("boom")
			})
			child.Req().Then(j, func(int) {})
			t.Cleanup(func() { child.Done(1) })
		},
	} {
		j := start(ev, name)
		o := watch(j.Req())
		prepare(j)
		panicOf(t, func() { j.Done(1) })
		if j.State() != tevent.StateDone {
			t.Fatal(j)
		}
		if name == "child" {
			continue
		}
		turn(t, ev)
		if o.calls != 1 || o.v != 1 {
			t.Errorf("%s: %s", name, o)
		}
	}
}

func TestOnPanicFailsOneRequest(t *testing.T) {
	ev := newContext(t)
	var seen *tevent.PanicError
	ev.OnPanic(func(p *tevent.PanicError) bool { seen = p; return true })
	p, j, other := start(ev, "parent"), start(ev, "child"), start(ev, "other")
	o, q := watch(p.Req()), watch(other.Req())
	j.Req().Then(p, func(int) { panic("boom") })
	j.Done(1)
	turn(t, ev)
	turn(t, ev)
	var pe *tevent.PanicError
	if !errors.As(o.err, &pe) || pe != seen || pe.Value != "boom" || !strings.Contains(string(pe.Stack), "panic_test.go") {
		t.Fatal(o, pe)
	}
	if q.calls != 0 || !other.InProgress() {
		t.Fatal("another request was hit")
	}
	other.Done(1)
	turn(t, ev)
}

func TestOnPanicDoesNotFailWhoFinishedBefore(t *testing.T) {
	ev := newContext(t)
	ev.OnPanic(func(*tevent.PanicError) bool { return true })
	p, j := start(ev, "parent"), start(ev, "child")
	o := watch(p.Req())
	j.Req().Then(p, func(int) {
		p.Done(3)
		panic("boom")
	})
	j.Done(1)
	turn(t, ev)
	turn(t, ev)
	if o.calls != 1 || o.v != 3 || o.err != nil {
		t.Fatal(o)
	}
}

// A panic of something that is nobody's step fails nobody.
func TestOnPanicOfATimerFailsNobody(t *testing.T) {
	ev := newContext(t)
	panics := 0
	ev.OnPanic(func(*tevent.PanicError) bool { panics++; return true })
	p, j := start(ev, "parent"), start(ev, "child")
	j.Req().Then(p, func(int) {})
	tevent.NewTimer(ev, func() { panic("boom") }).Reset(0)
	j.Done(1) // its step runs before, in the same turn
	turn(t, ev)
	turn(t, ev)
	if panics != 1 || !p.InProgress() {
		t.Fatal(panics, p)
	}
	p.Done(1)
	p.Req().Drop()
}

func TestOnPanicMayDecline(t *testing.T) {
	ev := newContext(t)
	ev.OnPanic(func(*tevent.PanicError) bool { return false })
	ev.Post(func() { panic("boom") })
	if text := panicOf(t, func() { _ = ev.LoopOnce() }); text != "boom" {
		t.Fatal(text)
	}
	turn(t, ev)
}

func TestPostedFunctionsBehindAPanicStay(t *testing.T) {
	ev := newContext(t)
	var s steps
	ev.Post(func() { panic("boom") })
	ev.Post(s.adder("next"))
	panicOf(t, func() { _ = ev.LoopOnce() })
	turn(t, ev)
	s.want(t, "next")
}

func TestGoexitInCallbackDoesNotHangTheLoop(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	o := watch(tevent.Failed[int](ev, "other", errTest))
	j.Req().SetCallback(func(tevent.Req[int]) { runtime.Goexit() })
	j.Done(1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			_ = ev.LoopOnce()
		}
	}()
	<-ended
	if j.State() != tevent.StateFree {
		t.Fatal(j)
	}
	turn(t, ev) // the loop is not nested
	if o.calls != 1 {
		t.Fatal(o)
	}
}

// Whichever way a step was named, its panic fails the request it belongs to.
func TestOnPanicFailsTheOwnerOfTheStep(t *testing.T) {
	for name, adopt := range map[string]func(sub tevent.Req[int], p *job){ // in any order
		"then":        func(sub tevent.Req[int], p *job) { sub.Then(p, func(int) { panic("boom") }) },
		"handle":      func(sub tevent.Req[int], p *job) { sub.Handle(p, func(int, error) { panic("boom") }) },
		"then func":   func(sub tevent.Req[int], p *job) { tevent.Then(sub, p, func(*job, int) { panic("boom") }) },
		"handle func": func(sub tevent.Req[int], p *job) { tevent.Handle(sub, p, func(*job, int, error) { panic("boom") }) },
	} {
		t.Run(name, func(t *testing.T) {
			ev := newContext(t)
			ev.OnPanic(func(*tevent.PanicError) bool { return true })
			p, j := start(ev, "parent"), start(ev, "child")
			o := watch(p.Req())
			adopt(j.Req(), p)
			j.Done(1)
			turn(t, ev)
			turn(t, ev)
			var at *tevent.PanicError
			if o.calls != 1 || !errors.As(o.err, &at) || at.Value != "boom" {
				t.Error(o)
			}
		})
	}
}
