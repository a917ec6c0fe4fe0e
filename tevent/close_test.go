package tevent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func closeNow(t *testing.T, ev *tevent.Context) {
	t.Helper()
	if err := ev.Close(); err != nil {
		t.Fatal(err)
	}
}

func wantClosed(t *testing.T, all ...*outcome) {
	t.Helper()
	for i, o := range all {
		if o.calls != 1 || !errors.Is(o.err, tevent.ErrClosed) {
			t.Errorf("request %d: %s", i, o)
		}
	}
}

func TestCloseCompletesEveryPendingRequest(t *testing.T) {
	ev := newContext(t)
	plain, polite, refusing, promised := start(ev, "plain"), endless(ev), start(ev, "refusing"), start(ev, "promised")
	refusing.SetCancel(func(error) bool { return false })
	promised.SetCancel(func(error) bool { return true })
	asked := start(ev, "asked before")
	asked.SetCancel(func(error) bool { return true })
	all := []*outcome{watch(plain.Req()), watch(polite.Req()), watch(refusing.Req()), watch(promised.Req()), watch(asked.Req())}
	asked.Req().Cancel()
	later := start(ev, "without a callback")
	finished := start(ev, "finished")
	o := watch(finished.Req())
	finished.Done(4)
	closeNow(t, ev)
	wantClosed(t, all...)
	wantErr(t, later.Req(), tevent.ErrClosed)
	if o.calls != 1 || o.v != 4 || o.err != nil {
		t.Error(o)
	}
	for _, j := range []*job{plain, refusing, promised, asked, later} { // what the implementers still do is harmless
		j.Done(1)
		if j.State() != tevent.StateFree {
			t.Error(j)
		}
	}
	closeNow(t, ev)
}

func TestCloseCompletesNestedPromises(t *testing.T) {
	ev := newContext(t)
	top, middle, closing := start(ev, "top"), start(ev, "middle"), start(ev, "closing")
	o, p := watch(top.Req()), watch(closing.Req())
	middle.SetCancel(func(error) bool { return true })
	middle.Req().Then(top, func(int) { t.Error("a step ran") })
	first, a := adopted(t, middle, ev, "first")
	second, b := adopted(t, middle, ev, "second")
	third, c := adopted(t, closing, ev, "third")
	closing.Req().Cancel()
	closeNow(t, ev)
	wantClosed(t, o)
	if p.calls != 1 || p.err == nil || len(*a)+len(*b)+len(*c) != 3 {
		t.Error(p, *a, *b, *c)
	}
	for _, j := range []*job{middle, first, second, third} {
		j.Done(1)
	}
}

// A finished request that waits for a child which only promised.
func TestCloseDeliversWhatWaitsForChildren(t *testing.T) {
	ev := newContext(t)
	p := start(ev, "parent")
	o := watch(p.Req())
	child, _ := adopted(t, p, ev, "child")
	p.Done(8)
	closeNow(t, ev)
	if o.calls != 1 || o.v != 8 || o.err != nil {
		t.Fatal(o)
	}
	child.Done(1)
}

func TestCloseFailsWhatIsStartedMeanwhile(t *testing.T) {
	ev := newContext(t)
	var second, third *outcome
	endless(ev).Req().SetCallback(func(tevent.Req[int]) {
		second = watch(endless(ev).Req())
		tevent.Sleep(ev, 0).SetCallback(func(r tevent.Req[tevent.None]) {
			_, err := r.Result()
			if !errors.Is(err, tevent.ErrClosed) {
				t.Error(err)
			}
			third = watch(endless(ev).Req())
		})
	})
	closeNow(t, ev)
	wantClosed(t, second, third)
}

func TestWhatIsStartedAfterCloseFails(t *testing.T) {
	ev := newContext(t)
	closeNow(t, ev)
	if _, err := tevent.Wait(ev, tevent.Sleep(ev, time.Hour)); !errors.Is(err, tevent.ErrClosed) {
		t.Fatal(err)
	}
	j := endless(ev)
	o := watch(j.Req())
	if err := ev.LoopOnce(); !errors.Is(err, tevent.ErrClosed) {
		t.Fatal(err)
	}
	wantClosed(t, o)
}

func TestCloseInsideACallbackTakesEffectWhenItHasReturned(t *testing.T) {
	ev := newContext(t)
	var s steps
	o := watch(endless(ev).Req())
	timer := tevent.NewTimer(ev, s.adder("timer"))
	timer.Reset(0)
	defer timer.Stop()
	j := start(ev, "job")
	j.Req().SetCallback(func(tevent.Req[int]) {
		closeNow(t, ev)
		closeNow(t, ev)
		s.add("still open")
		if o.calls != 0 {
			t.Error("in place")
		}
	})
	ev.Post(func() {
		j.Done(1)
		ev.Post(s.adder("posted before"))
	})
	turn(t, ev)
	wantClosed(t, o)
	s.want(t, "still open", "posted before")
	if err := ev.LoopOnce(); !errors.Is(err, tevent.ErrClosed) {
		t.Fatal(err)
	}
}

func TestCloseInsideACallbackEndsWait(t *testing.T) {
	ev := newContext(t)
	ev.Post(func() { ev.Close() })
	if _, err := tevent.Wait(ev, tevent.Sleep(ev, time.Hour)); !errors.Is(err, tevent.ErrClosed) {
		t.Fatal(err)
	}
}

func TestCloseRunsWhatPostAccepted(t *testing.T) {
	ev := newContext(t)
	n := 0
	for range 1000 { // more than one turn takes
		ev.Post(func() { n++ })
	}
	closeNow(t, ev)
	if n != 1000 {
		t.Fatal(n)
	}
	if ev.Post(func() {}) {
		t.Fatal("Post accepts after Close")
	}
}

// What schedules itself again and again does not keep Close from ending.
func TestCloseEndsAlthoughSomethingGoesOn(t *testing.T) {
	ev := newContext(t)
	var im *tevent.Immediate
	im = tevent.NewImmediate(ev, func() { im.Schedule() })
	im.Schedule()
	var again func()
	again = func() { ev.Post(again) }
	again()
	o := watch(endless(ev).Req())
	closeNow(t, ev)
	wantClosed(t, o)
	im.Cancel()
}

func TestCloseDeliversALongChain(t *testing.T) {
	ev := newContext(t)
	ev.SetTracking(false)
	c := &link{ev: ev, left: 100_000}
	c.Start(ev, "chain")
	c.SetCancel(func(error) bool { return true })
	done := false
	c.Req().SetCallback(func(r tevent.Req[tevent.None]) {
		_, err := r.Result()
		done = err == nil && c.left == 0
	})
	c.next()
	closeNow(t, ev)
	if !done {
		t.Fatalf("%d left", c.left)
	}
}

func TestPanicDuringCloseDoesNotKeepItOpen(t *testing.T) {
	ev := newContext(t)
	endless(ev).Req().SetCallback(func(tevent.Req[int]) { panic("boom") })
	o := watch(endless(ev).Req())
	if text := panicOf(t, func() { ev.Close() }); text != "boom" {
		t.Fatal(text)
	}
	closeNow(t, ev)
	wantClosed(t, o)

	ev = newContext(t)
	ev.OnPanic(func(*tevent.PanicError) bool { return true })
	endless(ev).Req().SetCallback(func(tevent.Req[int]) { panic("boom") })
	o = watch(endless(ev).Req())
	closeNow(t, ev)
	wantClosed(t, o)
}

func TestCloseDeliversADeferredCompletion(t *testing.T) {
	ev := newContext(t)
	deferred := func() *outcome {
		j := start(ev, "job")
		j.Defer()
		j.Done(3)
		return watch(j.Req())
	}
	o := deferred()
	var p *outcome
	last := start(ev, "promised")
	last.SetCancel(func(error) bool { return true })
	last.Req().SetCallback(func(tevent.Req[int]) { p = deferred() })
	closeNow(t, ev)
	for _, x := range []*outcome{o, p} {
		if x.calls != 1 || x.v != 3 {
			t.Error(x)
		}
	}
	last.Done(1)
}

// What gathers, such as the queued writes of a stream, is done before those who
// wait for it are told that the context is closed.
func TestCloseRunsWhatGathers(t *testing.T) {
	for _, schedule := range []func(*tevent.Immediate){(*tevent.Immediate).ScheduleFlush, (*tevent.Immediate).ScheduleAnswer} {
		ev := newContext(t)
		j := start(ev, "job")
		o := watch(j.Req())
		j.SetCancel(func(error) bool { return true })
		schedule(tevent.NewImmediate(ev, func() { j.Done(1) }))
		if err := ev.Close(); err != nil {
			t.Fatal(err)
		}
		if o.String() != "1 calls, 1, <nil>" {
			t.Error(o)
		}
	}
}
