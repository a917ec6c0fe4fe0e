package tevent_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestCancelWithoutFunctionChangesNothing(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	o := watch(j.Req())
	if j.Req().Cancel() || !j.InProgress() {
		t.Fatal("cancelled")
	}
	j.Done(1)
	if j.Req().Cancel() {
		t.Fatal("cancelled after the finish")
	}
	turn(t, ev)
	if o.calls != 1 || o.v != 1 {
		t.Fatal(o)
	}
}

func TestCancelThatIsRefusedMayBeAskedAgain(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	o := watch(j.Req())
	asked := 0
	j.SetCancel(func(cause error) bool {
		if asked++; asked == 1 {
			return false
		}
		return j.Fail(cause)
	})
	if j.Req().Cancel() || !j.InProgress() {
		t.Fatal("cancelled")
	}
	if !j.Req().Cancel() {
		t.Fatal("not cancelled")
	}
	turn(t, ev)
	if asked != 2 || o.calls != 1 || !errors.Is(o.err, context.Canceled) {
		t.Fatal(asked, o)
	}
}

func TestCancelFunctionThatPromisedIsAskedOnce(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	asked := 0
	j.SetCancel(func(error) bool { asked++; return true })
	o := watch(j.Req())
	for range 3 {
		if !j.Req().Cancel() {
			t.Fatal("it has promised")
		}
	}
	j.Req().SetTimeout(-1)
	turn(t, ev)
	if asked != 1 || o.calls != 0 {
		t.Fatal(asked, o)
	}
	j.Done(5) // the result that was on its way wins
	turn(t, ev)
	if o.calls != 1 || o.v != 5 || o.err != nil {
		t.Fatal(o)
	}
}

func TestCancelFunctionThatCancelsIsAskedOnce(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	asked := 0
	j.SetCancel(func(cause error) bool {
		asked++
		if !j.Req().Cancel() {
			t.Error("it is being asked")
		}
		return j.Fail(cause)
	})
	o := watch(j.Req())
	j.Req().Cancel()
	turn(t, ev)
	if asked != 1 || o.calls != 1 {
		t.Fatal(asked, o)
	}
}

func TestCancelCauseReachesImplementer(t *testing.T) {
	ways := map[string]struct {
		ask  func(*testing.T, *tevent.Context, *job)
		want error
	}{
		"Cancel": {func(_ *testing.T, _ *tevent.Context, j *job) { j.Req().Cancel() }, context.Canceled},
		"deadline": {func(t *testing.T, ev *tevent.Context, j *job) {
			j.Req().SetTimeout(-time.Second)
			turn(t, ev)
		}, tevent.ErrDeadline},
		"Drop": {func(_ *testing.T, _ *tevent.Context, j *job) { j.Req().Drop() }, context.Canceled},
		"parent": {func(_ *testing.T, ev *tevent.Context, j *job) {
			p := start(ev, "parent")
			j.Req().Then(p, func(int) {})
			p.Done(1)
			p.Req().Drop()
		}, context.Canceled},
		"built-in of the parent": {func(_ *testing.T, ev *tevent.Context, j *job) {
			p := start(ev, "parent")
			j.Req().Then(p, func(int) {})
			p.Req().SetTimeout(-time.Second)
			turn(t, ev)
			p.Req().Drop()
		}, tevent.ErrDeadline},
		"Close": {func(_ *testing.T, ev *tevent.Context, _ *job) { ev.Close() }, tevent.ErrClosed},
	}
	for name, w := range ways { // in any order
		t.Run(name, func(t *testing.T) {
			ev := newContext(t)
			j := start(ev, "job")
			var told error
			j.SetCancel(func(cause error) bool {
				told = cause
				return j.Fail(cause)
			})
			w.ask(t, ev, j)
			if !errors.Is(told, w.want) {
				t.Fatalf("told %v, want %v", told, w.want)
			}
			j.Req().Drop()
		})
	}
}

func TestPanicOfACancelFunctionCanBeFollowedByAnother(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	o := watch(j.Req())
	j.SetCancel(func(error) bool { panic("no") })
	panicOf(t, func() { j.Req().Cancel() })
	j.SetCancel(j.Fail)
	if !j.Req().Cancel() {
		t.Fatal("still asked")
	}
	turn(t, ev)
	if o.calls != 1 {
		t.Fatal(o)
	}
}
