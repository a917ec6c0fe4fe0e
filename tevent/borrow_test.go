package tevent_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// reader writes into its caller's memory until it has stopped, some time after
// it was asked to.
type reader struct {
	tevent.Op[int]
	buf     []byte
	stopped bool
}

func read(ev *tevent.Context, buf []byte) *reader {
	r := &reader{buf: buf}
	r.Start(ev, "read")
	r.SetCancel(func(cause error) bool {
		ev.Post(func() {
			r.buf[0]++
			r.stopped = true
			r.Fail(cause)
		})
		return true
	})
	return r
}

func TestNothingTouchesTheCallersMemoryWhenACallbackRuns(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *tevent.Context, *job){ // in any order
		"done":     func(_ *testing.T, _ *tevent.Context, p *job) { p.Done(1) },
		"failed":   func(_ *testing.T, _ *tevent.Context, p *job) { p.Fail(errTest) },
		"cancel":   func(_ *testing.T, _ *tevent.Context, p *job) { p.Req().Cancel() },
		"deadline": func(_ *testing.T, _ *tevent.Context, p *job) { p.Req().SetTimeout(-1) },
		"close":    func(_ *testing.T, ev *tevent.Context, _ *job) { ev.Post(func() { ev.Close() }) },
	} {
		t.Run(name, func(t *testing.T) {
			ev := newContext(t)
			p, middle := start(ev, "parent"), start(ev, "middle")
			r := read(ev, make([]byte, 1))
			r.Req().Then(middle, func(int) { t.Error("the step ran") })
			middle.Req().Then(p, func(int) { t.Error("the step ran") })
			called := false
			p.Req().SetCallback(func(tevent.Req[int]) {
				called = true
				if !r.stopped {
					t.Error("the reader still writes")
				}
			})
			end(t, ev, p)
			for range 5 {
				_ = ev.LoopOnce()
			}
			if !called {
				t.Fatal("no callback")
			}
		})
	}
}
