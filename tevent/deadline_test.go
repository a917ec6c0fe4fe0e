package tevent_test

import (
	"context"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// endless is an operation that only a cancel ends.
func endless(ev *tevent.Context) *job {
	j := start(ev, "endless")
	j.SetCancel(j.Fail)
	return j
}

func TestDeadlineMatchesBothErrors(t *testing.T) {
	_, ev := newWorld(t)
	_, err := tevent.Wait(ev, endless(ev).Req().SetTimeout(time.Second))
	var timeout net.Error
	if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.Is(err, context.DeadlineExceeded) ||
		!errors.As(err, &timeout) || !timeout.Timeout() || errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestDeadlineComesAtItsTime(t *testing.T) {
	w, ev := newWorld(t)
	o := watch(endless(ev).Req().SetTimeout(3 * time.Second))
	p := watch(endless(ev).Req().SetDeadline(ev.Now().Add(2 * time.Second)))
	before := ev.Now()
	for p.calls == 0 {
		turn(t, ev)
	}
	if d := ev.Now().Sub(before); d != 2*time.Second || o.calls != 0 {
		t.Fatal(d, o)
	}
	for o.calls == 0 {
		turn(t, ev)
	}
	if d := ev.Now().Sub(before); d != 3*time.Second || len(w.sleeps) != 2 {
		t.Fatal(d, w.sleeps)
	}
}

func TestDeadlineInThePastFiresFromTheLoop(t *testing.T) {
	_, ev := newWorld(t)
	o := watch(endless(ev).Req().SetDeadline(ev.Now().Add(-time.Minute)))
	p := watch(endless(ev).Req().SetTimeout(-time.Hour))
	if o.calls+p.calls != 0 {
		t.Fatal("in place")
	}
	turn(t, ev)
	if o.calls != 1 || p.calls != 1 {
		t.Fatal(o, p)
	}
}

func TestNewDeadlineReplacesTheOld(t *testing.T) {
	w, ev := newWorld(t)
	ev.SetWaitTimeout(0)
	r := endless(ev).Req()
	o := watch(r.SetTimeout(time.Second).SetTimeout(time.Minute))
	w.pass(2 * time.Second)
	turn(t, ev)
	if o.calls != 0 {
		t.Fatal("the old one fired")
	}
	r.SetTimeout(time.Second)
	w.pass(2 * time.Second)
	turn(t, ev)
	if o.calls != 1 {
		t.Fatal("the new one did not")
	}
}

func TestZeroDeadlineIsNone(t *testing.T) {
	w, ev := newWorld(t)
	ev.SetWaitTimeout(0)
	j := endless(ev)
	o := watch(j.Req().SetTimeout(time.Second).SetDeadline(time.Time{}))
	w.pass(time.Hour)
	turn(t, ev)
	if o.calls != 0 {
		t.Fatal(o)
	}
	j.Done(1)
	turn(t, ev)
}

func TestCompletionRemovesTheDeadline(t *testing.T) {
	w, ev := newWorld(t)
	j := endless(ev)
	o := watch(j.Req().SetTimeout(time.Second))
	j.Done(1)
	turn(t, ev)
	j.Start(ev, "next life")
	p := watch(j.Req())
	j.SetCancel(func(error) bool { t.Error("asked by an old deadline"); return false })
	w.pass(time.Hour)
	ev.SetWaitTimeout(0)
	turn(t, ev)
	if o.calls != 1 || p.calls != 0 {
		t.Fatal(o, p)
	}
	j.Done(2)
	turn(t, ev)
}

func TestDeadlineOfAFinishedRequestKeepsNobodyWaiting(t *testing.T) {
	_, ev := newWorld(t)
	j := start(ev, "job")
	r := j.Req().SetTimeout(time.Hour)
	j.Done(1)
	turn(t, ev)
	r.SetTimeout(time.Hour) // one more, on a finished request
	before := ev.Now()
	if err := ev.LoopWait(); err != nil || ev.Now() != before {
		t.Fatal(err, ev.Now().Sub(before))
	}
	if v, err := r.Result(); v != 1 || err != nil {
		t.Fatal(v, err)
	}
}

func TestDeadlineOnAFinishedRequestDoesNothing(t *testing.T) {
	w, ev := newWorld(t)
	j := start(ev, "job")
	j.Done(1)
	o := watch(j.Req().SetTimeout(0))
	w.pass(time.Second)
	turn(t, ev)
	if o.v != 1 || o.err != nil {
		t.Fatal(o)
	}
}

// A deadline is measured from now, not from the beginning of a long turn.
func TestTimeoutUsesFreshTime(t *testing.T) {
	w, ev := newWorld(t)
	var o *outcome
	ev.Post(func() {
		w.pass(time.Minute)
		o = watch(endless(ev).Req().SetTimeout(time.Second))
	})
	turn(t, ev)
	before := ev.Now()
	for o.calls == 0 {
		turn(t, ev)
	}
	if d := ev.Now().Sub(before); d != time.Second {
		t.Fatal(d)
	}
}
