package tevent_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

var errTest = errors.New("test failure")

func TestSecondFinishPanicsAndNamesTheRequest(t *testing.T) {
	ev := newContext(t)
	for name, second := range map[string]func(*job){ // in any order
		"Done":   func(j *job) { j.Done(2) },
		"Fail":   func(j *job) { j.Fail(errTest) },
		"Finish": func(j *job) { j.Finish(2, nil) },
	} {
		j := start(ev, "upload")
		o := watch(j.Req())
		j.Done(1)
		text := panicOf(t, func() { second(j) })
		if !strings.Contains(text, "upload") || !strings.Contains(text, name) {
			t.Errorf("%q does not say what and whose", text)
		}
		turn(t, ev)
		if o.calls != 1 || o.v != 1 || o.err != nil {
			t.Error(o)
		}
	}
}

func TestFinishOfAnOpThatNeverStartedPanics(t *testing.T) {
	if text := panicOf(t, func() { new(job).Done(1) }); !strings.Contains(text, "Done") {
		t.Error(text)
	}
}

func TestFailOfNilChangesNothing(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	o := watch(j.Req())
	if j.Fail(nil) || !j.InProgress() {
		t.Fatal("nil is not a failure")
	}
	turn(t, ev)
	if !j.Fail(errTest) {
		t.Fatal("Fail(err) is true")
	}
	turn(t, ev)
	if o.calls != 1 || !errors.Is(o.err, errTest) {
		t.Fatal(o)
	}
}

func TestStartOfAnOpThatIsNotFreePanics(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "first")
	again := func() { j.Start(ev, "again") }
	if text := panicOf(t, again); !strings.Contains(text, "again") || !strings.Contains(text, "first") {
		t.Error(text)
	}
	j.Done(1)
	panicOf(t, again)
	turn(t, ev)
	panicOf(t, again) // the outcome has not been received
	if v, err := j.Req().Result(); v != 1 || err != nil {
		t.Fatal(v, err)
	}
	again()
	j.Done(2)
	j.Req().Drop()
}

// abandon lets the deadline of a request without a cancel function pass.
func abandon(t *testing.T, ev *tevent.Context, j *job) *outcome {
	t.Helper()
	o := watch(j.Req().SetTimeout(-1))
	turn(t, ev)
	if o.calls != 1 || !errors.Is(o.err, tevent.ErrDeadline) || j.State() == tevent.StateFree {
		t.Fatal(o, j)
	}
	return o
}

func TestAbandonedResultIsReleased(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "slow")
	var released []int
	j.SetRelease(func(v int) { released = append(released, v) })
	o := abandon(t, ev, j)
	if len(released) != 0 {
		t.Fatal(released)
	}
	j.Done(42)
	if len(released) != 1 || released[0] != 42 || j.State() != tevent.StateFree {
		t.Fatal(released, j)
	}
	turn(t, ev)
	if o.calls != 1 {
		t.Fatal(o)
	}
}

func TestAbandonedFailureIsNoErrorAndStillTrue(t *testing.T) {
	ev := newContext(t) // a report would fail this test
	j := start(ev, "slow")
	released := 0
	j.SetRelease(func(int) { released++ })
	o := abandon(t, ev, j)
	if j.Fail(nil) {
		t.Fatal("nil is not a failure")
	}
	if !j.Fail(errTest) {
		t.Fatal("Fail answers as ever")
	}
	turn(t, ev)
	turn(t, ev)
	if o.calls != 1 || released != 0 || j.State() != tevent.StateFree {
		t.Fatal(o, released, j)
	}
	panicOf(t, func() { j.Done(1) })
}

// The implementer may let go before the caller has taken the outcome.
func TestAbandonedOpIsFreeWhenBothHaveGone(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "slow")
	r := j.Req().SetTimeout(-time.Second)
	turn(t, ev)
	j.Done(1)
	if j.State() == tevent.StateFree {
		t.Fatal("the caller still has an outcome to take")
	}
	if v, err := r.Result(); v != 0 || !errors.Is(err, tevent.ErrDeadline) {
		t.Fatal(v, err)
	}
	if j.State() != tevent.StateFree {
		t.Fatal(j)
	}
}
