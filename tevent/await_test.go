package tevent_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// serve runs the loop of ev on this goroutine while f runs on another.
func serve(t *testing.T, ev *tevent.Context, f func()) {
	t.Helper()
	ev.SetWaitTimeout(-1)
	done := start(ev, "goroutine")
	go func() {
		defer ev.Post(func() { done.Done(1) })
		f()
	}()
	if _, err := tevent.Wait(ev, done.Req()); err != nil {
		t.Fatal(err)
	}
}

func TestAwaitReturnsTheOutcome(t *testing.T) {
	ev := newContext(t)
	serve(t, ev, func() {
		v, err := tevent.Await(context.Background(), ev, func() tevent.Req[int] {
			j := start(ev, "job")
			timerAt(ev, 0, func() { j.Finish(3, errTest) })
			return j.Req()
		})
		if v != 3 || !errors.Is(err, errTest) {
			t.Error(v, err)
		}
	})
}

func TestAwaitTellsTheCauseAndTheRequestsError(t *testing.T) {
	ev := newContext(t)
	gone, still := errors.New("gone"), errors.New("still stopping")
	serve(t, ev, func() {
		ctx, cancel := context.WithCancelCause(context.Background())
		var told error
		stopped := false
		_, err := tevent.Await(ctx, ev, func() tevent.Req[int] {
			j := start(ev, "job")
			j.SetCancel(func(cause error) bool {
				told = cause
				timerAt(ev, 0, func() { stopped = true; j.Fail(still) })
				return true
			})
			cancel(gone)
			return j.Req()
		})
		if !errors.Is(err, gone) || !errors.Is(err, still) || !errors.Is(told, gone) {
			t.Error(err, told)
		}
		if !stopped {
			t.Error("returned before the request had ended")
		}
	})
}

func TestAwaitReleasesALateResult(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "slow") // cannot be cancelled
	released := releases(j)
	serve(t, ev, func() {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := tevent.Await(ctx, ev, func() tevent.Req[int] {
			cancel()
			return j.Req()
		})
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	j.Done(9)
	if len(*released) != 1 || (*released)[0] != 9 {
		t.Fatal(*released)
	}
}

func TestAwaitGivesAResultThatWonDespiteTheContext(t *testing.T) {
	ev := newContext(t)
	serve(t, ev, func() {
		ctx, cancel := context.WithCancel(context.Background())
		v, err := tevent.Await(ctx, ev, func() tevent.Req[int] {
			j := start(ev, "job")
			j.SetCancel(func(error) bool { j.Done(5); return true })
			cancel()
			return j.Req()
		})
		if v != 5 || err != nil {
			t.Error(v, err)
		}
	})
}

func TestAwaitOfADeadContextStartsNothing(t *testing.T) {
	ev := newContext(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errTest)
	_, err := tevent.Await(ctx, ev, func() tevent.Req[int] { t.Error("started"); return tevent.Req[int]{} })
	if !errors.Is(err, errTest) {
		t.Fatal(err)
	}
	turn(t, ev)
}

func TestAwaitOnAClosedContextFails(t *testing.T) {
	ev := newContext(t)
	closeNow(t, ev)
	_, err := tevent.Await(context.Background(), ev, func() tevent.Req[int] { t.Error("started"); return tevent.Req[int]{} })
	if !errors.Is(err, tevent.ErrClosed) {
		t.Fatal(err)
	}
}

func TestCloseEndsAwait(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	got := make(chan error)
	begun := false
	go func() {
		_, err := tevent.Await(context.Background(), ev, func() tevent.Req[tevent.None] {
			begun = true
			return tevent.Sleep(ev, time.Hour)
		})
		got <- err
	}()
	for !begun {
		turn(t, ev)
	}
	closeNow(t, ev)
	if err := <-got; !errors.Is(err, tevent.ErrClosed) {
		t.Fatal(err)
	}
}

func TestAwaitOfNoRequestReturns(t *testing.T) {
	ev := newContext(t)
	serve(t, ev, func() {
		_, err := tevent.Await(context.Background(), ev, func() tevent.Req[int] { return tevent.Req[int]{} })
		if !errors.Is(err, tevent.ErrNoRequest) {
			t.Error(err)
		}
	})
}

func TestAwaitReturnsWhenStartPanics(t *testing.T) {
	ev := newContext(t)
	var seen any
	ev.OnPanic(func(p *tevent.PanicError) bool { seen = p.Value; return true })
	serve(t, ev, func() {
		_, err := tevent.Await(context.Background(), ev, func() tevent.Req[int] { panic("boom") })
		if !errors.Is(err, tevent.ErrNoRequest) {
			t.Error(err)
		}
	})
	if seen != "boom" {
		t.Fatal(seen)
	}
}

func TestAwaitInsideATurnPanics(t *testing.T) {
	ev, other := newContext(t), newContext(t)
	wait := func() {
		_, _ = tevent.Await(context.Background(), other, func() tevent.Req[int] { return tevent.Req[int]{} })
	}
	var deep func(int)
	deep = func(n int) { // far below the turn
		if n == 0 {
			wait()
			return
		}
		deep(n - 1)
	}
	for _, f := range []func(){wait, func() { deep(200) }} {
		ev.Post(f)
		if text := panicOf(t, func() { _ = ev.LoopOnce() }); !strings.Contains(text, "Await") {
			t.Error(text)
		}
	}
	endless(ev).Req().SetCallback(func(tevent.Req[int]) { wait() })
	if text := panicOf(t, func() { ev.Close() }); !strings.Contains(text, "Await") {
		t.Error(text)
	}
}

// A loop that nobody runs does not hold a goroutine whose context has ended, and
// does not begin for him later.
func TestAwaitOfALoopThatNobodyRunsEndsWithItsContext(t *testing.T) {
	ev := newContext(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	gone := errors.New("gone")
	cancelled := make(chan struct{})
	go func() { defer close(cancelled); cancel(gone) }()
	begun := false
	_, err := tevent.Await(ctx, ev, func() tevent.Req[int] {
		begun = true
		return start(ev, "job").Req()
	})
	<-cancelled
	if !errors.Is(err, gone) {
		t.Error(err)
	}
	ev.SetWaitTimeout(0)
	if err := ev.LoopOnce(); err != nil || begun {
		t.Error("begun later", err)
	}
}

// Serve stays while there is nothing to do; Run does not.
func TestServeStaysUntilItsContextEnds(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	if err := ev.Run(context.Background()); err != nil {
		t.Error("Run of an idle loop:", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	gone := errors.New("gone")
	turns := 0
	go ev.Post(func() {
		turns++
		go ev.Post(func() { turns++; cancel(gone) })
	})
	if err := ev.Serve(ctx); !errors.Is(err, gone) || turns != 2 {
		t.Error(err, turns)
	}
}

// A request that somebody on the loop drops holds its goroutine no longer than
// its context.
func TestAwaitOfADroppedRequestEndsWithItsContext(t *testing.T) {
	ev := newContext(t)
	serve(t, ev, func() {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := tevent.Await(ctx, ev, func() tevent.Req[int] {
			j := start(ev, "job")
			j.SetCancel(j.Fail)
			timerAt(ev, 0, func() { j.Req().Drop(); cancel() })
			return j.Req()
		})
		if !errors.Is(err, context.Canceled) || !errors.Is(err, tevent.ErrStale) {
			t.Error(err)
		}
	})
}
