//go:build linux

package tevent_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestLoopWaitEndsWhenNothingIsLeft(t *testing.T) {
	_, ev := newWorld(t)
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	var s steps
	fd := watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) {})
	j := start(ev, "job")
	timerAt(ev, time.Second, func() {
		s.add("timer")
		tevent.NewImmediate(ev, func() {
			s.add("immediate")
			ev.Post(func() {
				s.add("posted")
				timerAt(ev, time.Second, func() {
					s.add("second timer")
					fd.Close()
					timerAt(ev, time.Second, func() { s.add("third timer"); j.Done(1) })
				})
			})
		}).Schedule()
	})
	j.Req().SetCallback(func(tevent.Req[int]) { s.add("callback") })
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	s.want(t, "timer", "immediate", "posted", "second timer", "third timer", "callback")
}

func TestFDEventHoldsLoopWaitUnlessItAsksForNothing(t *testing.T) {
	w, ev := newWorld(t)
	fd := watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) {})
	fired := 0
	timerAt(ev, time.Second, func() { fired++ })
	timerAt(ev, time.Minute, func() { // else the loop would sleep for ever, which the world reports
		fired++
		if err := fd.SetFlags(0); err != nil {
			t.Error(err)
		}
	})
	if err := ev.LoopWait(); err != nil || fired != 2 {
		t.Fatal(err, fired)
	}
	held := watchFD(t, ev, 4, tevent.FDWrite, func(tevent.Flags) {})
	sleeps := len(w.sleeps)
	w.asleep = func() { ev.Post(func() { held.Close() }) }
	if err := ev.LoopWait(); err != nil || len(w.sleeps) == sleeps {
		t.Fatal(err, "it did not wait for the FD event")
	}
}

// What is registered with the driver and has no request does not hold it.
func TestIdleStreamDoesNotHoldLoopWait(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	ev.SetWaitTimeout(-1)
	sock, errno := ev.Driver().Open(p.a)
	if errno != 0 {
		t.Fatal(errno)
	}
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	sock.Release()
}

func TestRunReturnsNilWhenNothingIsLeft(t *testing.T) {
	_, ev := newWorld(t)
	o := watch(endless(ev).Req().SetTimeout(time.Minute))
	if err := ev.Run(context.Background()); err != nil || o.calls != 1 {
		t.Fatal(err, o)
	}
}

func TestRunReturnsTheCauseAndEndsNoRequest(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	ctx, cancel := context.WithCancelCause(context.Background())
	j := start(ev, "job")
	o := watch(j.Req())
	go cancel(errTest)
	if err := ev.Run(ctx); !errors.Is(err, errTest) {
		t.Fatal(err)
	}
	if o.calls != 0 || !j.InProgress() {
		t.Fatal(o)
	}
	j.Done(1)
	if err := ev.Run(context.Background()); err != nil || o.calls != 1 {
		t.Fatal(err, o)
	}
}

func TestRunReturnsWhatClosedTheContext(t *testing.T) {
	ev := newContext(t)
	tm := timerAt(ev, time.Hour, func() {})
	ev.Post(func() { ev.Close() })
	if err := ev.Run(context.Background()); !errors.Is(err, tevent.ErrClosed) {
		t.Fatal(err)
	}
	tm.Stop()
}

func TestWaitReturnsTheOutcomeOfOneRequest(t *testing.T) {
	_, ev := newWorld(t)
	j, other := start(ev, "job"), start(ev, "other")
	timerAt(ev, time.Second, func() { j.Finish(3, errTest) })
	if v, err := tevent.Wait(ev, j.Req()); v != 3 || !errors.Is(err, errTest) {
		t.Fatal(v, err)
	}
	if !other.InProgress() {
		t.Fatal(other)
	}
	other.Done(1)
	if v, err := tevent.Wait(ev, other.Req()); v != 1 || err != nil {
		t.Fatal(v, err)
	}
	if _, err := tevent.Wait(ev, other.Req()); !errors.Is(err, tevent.ErrStale) {
		t.Fatal(err)
	}
}

// What was taken or dropped before its turn came is nothing to wait for; the
// world reports a loop that sleeps for ever.
func TestLoopWaitEndsAfterWhatWasTaken(t *testing.T) {
	_, ev := newWorld(t)
	if _, err := tevent.Wait(ev, tevent.Sleep(ev, time.Hour).SetTimeout(0)); !errors.Is(err, tevent.ErrDeadline) {
		t.Fatal(err)
	}
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	j := start(ev, "deferred")
	j.Defer()
	j.Done(1)
	j.Req().Drop()
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	im := tevent.NewImmediate(ev, func() {})
	im.Schedule()
	im.Cancel()
	im.ScheduleFlush()
	im.Cancel()
	im.ScheduleAnswer()
	im.Cancel()
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
}

func TestLoopWaitRunsWhatGathers(t *testing.T) {
	for name, schedule := range map[string]func(*tevent.Immediate){
		"flush": (*tevent.Immediate).ScheduleFlush, "answer": (*tevent.Immediate).ScheduleAnswer,
	} {
		ev := newContext(t)
		ran := false
		schedule(tevent.NewImmediate(ev, func() { ran = true }))
		if err := ev.LoopWait(); err != nil || !ran {
			t.Errorf("%s: ran %v, %v", name, ran, err)
		}
	}
}
