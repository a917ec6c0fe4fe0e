package tevent_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// releases records what a job releases.
func releases(j *job) *[]int {
	var all []int
	j.SetRelease(func(v int) { all = append(all, v) })
	return &all
}

func TestDropReleasesResult(t *testing.T) {
	ev := newContext(t)
	for _, turns := range []int{0, 1} { // before and after it was due
		j := start(ev, "job")
		released := releases(j)
		r := j.Req()
		j.Done(5)
		for range turns {
			turn(t, ev)
		}
		r.Drop()
		r.Drop()
		turn(t, ev)
		if len(*released) != 1 || (*released)[0] != 5 || j.State() != tevent.StateFree {
			t.Fatal(*released, j)
		}
	}
}

// Whoever drops what is done at once may do so for ever before the loop turns.
func TestDropsBetweenTurnsDoNotFillTheLoop(t *testing.T) {
	ev := newContext(t)
	for range 10 {
		j := start(ev, "job")
		j.Done(1)
		j.Req().Drop()
		if n := tevent.Ready(ev); n != 0 {
			t.Fatalf("%d requests wait for a turn", n)
		}
	}
}

func TestDropForgetsTheCallback(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	o := watch(j.Req())
	released := releases(j)
	j.Done(5)
	j.Req().Drop()
	turn(t, ev)
	if o.calls != 0 || len(*released) != 1 {
		t.Fatal(o, *released)
	}
}

func TestDropOfOneInProgressCancelsIt(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	o := watch(j.Req())
	released := releases(j)
	j.SetCancel(func(error) bool { return true })
	j.Req().Drop()
	if !j.InProgress() {
		t.Fatal("it only promised")
	}
	j.Done(6)
	turn(t, ev)
	if o.calls != 0 || len(*released) != 1 || (*released)[0] != 6 || j.State() != tevent.StateFree {
		t.Fatal(o, *released, j)
	}
}

func TestReceivedResultIsNotReleased(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	released := releases(j)
	j.Done(5)
	if v, err := j.Req().Result(); v != 5 || err != nil {
		t.Fatal(v, err)
	}
	if len(*released) != 0 {
		t.Fatal(*released)
	}
}

func TestFailedRequestReleasesNothing(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	released := releases(j)
	j.Finish(5, errTest)
	j.Req().Drop()
	if len(*released) != 0 {
		t.Fatal(*released)
	}
}

func TestIgnoreLetsItRunAndDiscardsTheValue(t *testing.T) {
	ev := newContext(t)
	for _, before := range []bool{true, false} {
		j := start(ev, "job")
		released := releases(j)
		j.SetCancel(func(error) bool { t.Error("asked"); return true })
		o := watch(j.Req())
		if before {
			j.Req().Ignore()
			turn(t, ev)
		}
		j.Done(5)
		j.Req().Ignore()
		turn(t, ev)
		if o.calls != 0 || len(*released) != 1 || j.State() != tevent.StateFree {
			t.Fatal(o, *released, j)
		}
	}
}

// journal makes the context log to a text.
func journal(ev *tevent.Context) *bytes.Buffer {
	b := &bytes.Buffer{}
	ev.SetLogger(slog.New(slog.NewTextHandler(b, nil)))
	return b
}

func TestFailureThatNobodyTakesIsReportedOnce(t *testing.T) {
	ev := newContext(t)
	log := journal(ev)
	j := start(ev, "upload")
	j.Fail(errTest)
	turn(t, ev)
	if log.Len() != 0 {
		t.Fatal("its owner may still take it")
	}
	for range 5 {
		turn(t, ev)
	}
	if s := log.String(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "level=WARN") ||
		!strings.Contains(s, "upload") || !strings.Contains(s, errTest.Error()) {
		t.Fatalf("%q", s)
	}
	wantErr(t, j.Req(), errTest) // it can be taken even now
}

func TestFailureThatSomebodyTakesIsNotReported(t *testing.T) {
	ev := newContext(t)
	log := journal(ev)
	p := start(ev, "parent")
	for name, take := range map[string]func(tevent.Req[int]){ // in any order
		"result":   func(r tevent.Req[int]) { _, _ = r.Result() },
		"callback": func(r tevent.Req[int]) { watch(r) },
		"ignore":   func(r tevent.Req[int]) { r.Ignore() },
		"drop":     func(r tevent.Req[int]) { r.Drop() },
		"parent":   func(r tevent.Req[int]) { r.Handle(p, func(int, error) {}) },
	} {
		j := start(ev, name)
		j.Fail(errTest)
		turn(t, ev)
		take(j.Req())
		turn(t, ev)
		turn(t, ev)
	}
	p.Done(1)
	p.Req().Drop()
	if log.Len() != 0 {
		t.Fatal(log)
	}
}

func TestFailureIsReportedBeforeLoopWaitReturns(t *testing.T) {
	ev := newContext(t)
	log := journal(ev)
	j := start(ev, "lost")
	j.Fail(errTest)
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "lost") {
		t.Fatalf("%q", log)
	}
	j.Req().Drop()
}

// Without tracking, nothing keeps a finished request from the collector.
func TestFinishedRequestIsItsCallersOnly(t *testing.T) {
	ev := newContext(t)
	ev.SetTracking(false)
	j := start(ev, "job")
	j.Done(4)
	turn(t, ev)
	for it := range ev.Items() {
		t.Errorf("the context keeps %s", it)
	}
	if v, err := j.Req().Result(); v != 4 || err != nil {
		t.Fatal(v, err)
	}
}

func TestFailureDuringCloseIsReported(t *testing.T) {
	ev := newContext(t)
	log := journal(ev)
	j := start(ev, "promised")
	j.SetCancel(func(error) bool { return true })
	var lost tevent.Req[int]
	j.Req().SetCallback(func(tevent.Req[int]) { lost = tevent.Failed[int](ev, "lost", errTest) })
	ev.Close()
	if s := log.String(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "lost") {
		t.Fatalf("%q", s)
	}
	lost.Drop()
	j.Done(1)
}

func TestFailureByCloseIsNoNews(t *testing.T) {
	ev := newContext(t)
	log := journal(ev)
	r := tevent.Sleep(ev, time.Hour)
	var lost tevent.Req[int]
	ev.Post(func() { lost = tevent.Failed[int](ev, "lost", errTest) })
	ev.Close()
	if s := log.String(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "lost") {
		t.Fatalf("%q", s)
	}
	r.Drop()
	lost.Drop()
}
