package tevent_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func wantErr(t *testing.T, r tevent.Req[int], want error) {
	t.Helper()
	if v, err := r.Result(); v != 0 || !errors.Is(err, want) {
		t.Fatalf("%d, %v; want %v", v, err, want)
	}
}

func TestResultIsGivenOnce(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	r := j.Req()
	wantErr(t, r, tevent.ErrInProgress)
	if !r.InProgress() || r.State() != tevent.StateInProgress {
		t.Fatal(r)
	}
	j.Done(7)
	if v, err := r.Result(); v != 7 || err != nil {
		t.Fatal(v, err)
	}
	wantErr(t, r, tevent.ErrStale)
	turn(t, ev) // what the ready list still has is stale
}

func TestCountIsToldBesideAnError(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "write")
	o := watch(j.Req())
	j.Finish(512, errTest)
	turn(t, ev)
	if o.v != 512 || !errors.Is(o.err, errTest) {
		t.Fatal(o)
	}
}

func TestFinishWithoutErrorIsDone(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "write")
	o := watch(j.Req())
	j.Finish(3, nil)
	if j.State() != tevent.StateDone {
		t.Fatal(j)
	}
	turn(t, ev)
	if o.v != 3 || o.err != nil {
		t.Fatal(o)
	}
}

// useEverything calls all that a handle has; none of it may do anything.
func useEverything(t *testing.T, ev *tevent.Context, r tevent.Req[int], why error) {
	t.Helper()
	wantErr(t, r, why)
	r.SetCallback(func(tevent.Req[int]) { t.Error("called") })
	r.Ignore()
	r.Drop()
	if r.Cancel() || r.InProgress() || r.State() != tevent.StateEnded {
		t.Error(r)
	}
	if r.SetTimeout(-1) != r || r.SetDeadline(time.Unix(1, 0)) != r {
		t.Error("another request")
	}
	if s := r.String(); !strings.Contains(s, why.Error()) {
		t.Error(s)
	}
	turn(t, ev)
}

func TestZeroRequestIsHarmless(t *testing.T) {
	ev := newContext(t)
	var r tevent.Req[int]
	useEverything(t, ev, r, tevent.ErrNoRequest)
	p := start(ev, "parent")
	o := watch(p.Req())
	r.Then(p, func(int) { t.Error("called") })
	turn(t, ev)
	if !errors.Is(o.err, tevent.ErrNoRequest) {
		t.Fatal(o)
	}
}

func TestStaleHandleIsHarmless(t *testing.T) {
	ev := newContext(t)
	ends := map[string]func(*job, tevent.Req[int]){
		"result": func(j *job, r tevent.Req[int]) { j.Done(1); _, _ = r.Result() },
		"drop":   func(j *job, r tevent.Req[int]) { r.Drop(); j.Done(1) },
		"callback without Result": func(j *job, r tevent.Req[int]) {
			r.SetCallback(func(tevent.Req[int]) {})
			j.Done(1)
			turn(t, ev)
		},
		"parent": func(j *job, r tevent.Req[int]) {
			p := start(ev, "parent")
			r.Then(p, func(int) { t.Error("called") })
			p.Done(1)
			p.Req().Drop()
			j.Done(1)
		},
	}
	for name, end := range ends { // in any order
		t.Run(name, func(t *testing.T) {
			j := start(ev, "first")
			old := j.Req()
			end(j, old)
			useEverything(t, ev, old, tevent.ErrStale)

			j.Start(ev, "second") // a later life of the same Op
			o := watch(j.Req())
			useEverything(t, ev, old, tevent.ErrStale)
			if !j.InProgress() {
				t.Fatal("an old handle ended a new life")
			}
			j.Done(2)
			turn(t, ev)
			if o.calls != 1 || o.v != 2 {
				t.Fatal(o)
			}
		})
	}
}

func TestHandleOfAFreeOpIsStale(t *testing.T) {
	ev := newContext(t)
	j := &job{}
	wantErr(t, j.Req(), tevent.ErrStale) // never started
	j.Req().Drop()
	j.Start(ev, "job")
	j.Done(1)
	j.Req().Drop()
	wantErr(t, j.Req(), tevent.ErrStale)
	if j.Req().Cancel() || j.Req().InProgress() {
		t.Fatal(j)
	}
}

func TestCallbackThatDoesNotAskEndsTheRequest(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	released := 0
	j.SetRelease(func(int) { released++ })
	j.Req().SetCallback(func(tevent.Req[int]) {})
	j.Done(1)
	turn(t, ev)
	if j.State() != tevent.StateFree || released != 1 {
		t.Fatal(j, released)
	}
}
