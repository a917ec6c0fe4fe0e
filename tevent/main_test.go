package tevent_test

import (
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newContext is a leak-checked context whose turns never sleep.
func newContext(t testing.TB) *tevent.Context {
	t.Helper()
	ev := teventtest.New(t)
	ev.SetWaitTimeout(0)
	return ev
}

func turn(t testing.TB, ev *tevent.Context) {
	t.Helper()
	if err := ev.LoopOnce(); err != nil {
		t.Fatal(err)
	}
}

// job is an operation whose steps the test takes.
type job struct {
	tevent.Op[int]
}

func start(ev *tevent.Context, name string) *job {
	j := &job{}
	j.Start(ev, name)
	return j
}

// outcome counts what a callback is told.
type outcome struct {
	calls int
	v     int
	err   error
}

func watch(r tevent.Req[int]) *outcome {
	o := &outcome{}
	r.SetCallback(func(r tevent.Req[int]) {
		o.calls++
		o.v, o.err = r.Result()
	})
	return o
}

func (o *outcome) String() string { return fmt.Sprintf("%d calls, %d, %v", o.calls, o.v, o.err) }

// panicOf is what f panics with, as text.
func panicOf(t testing.TB, f func()) string {
	t.Helper()
	text := panics(f)
	if text == "" {
		t.Fatal("no panic")
	}
	return text
}

// panics is the text that f panics with, "" if it does not.
func panics(f func()) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprint(v)
		}
	}()
	f()
	return ""
}

// steps is what happened, in order.
type steps []string

func (s *steps) add(what string) { *s = append(*s, what) }

func (s *steps) adder(what string) func() { return func() { s.add(what) } }

func (s *steps) want(t testing.TB, want ...string) {
	t.Helper()
	if fmt.Sprint(*s) != fmt.Sprint(steps(want)) {
		t.Fatalf("happened %q, want %q", *s, want)
	}
}
