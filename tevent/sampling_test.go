package tevent_test

import (
	"log/slog"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// everyOther is a trace of which the second, fourth … turn is told in full.
func everyOther(ev *tevent.Context) *record {
	r := traceOn(ev)
	n := 0
	ev.SetSampling(func() bool { n++; return n%2 == 0 })
	return r
}

func TestSampledTraceTellsOfOtherTurnsOnlyTheWait(t *testing.T) {
	ev := newContext(t)
	r := everyOther(ev)
	im := tevent.NewImmediate(ev, func() {})
	for range 2 {
		im.Schedule() // as of the turn before
		r.lines = nil
		turn(t, ev)
		if n := len(r.about()); n != 0 {
			t.Errorf("a turn that is not sampled is told as %q", r.about())
		}
		if len(r.lines) != 2 {
			t.Errorf("%q, want the wait", r.lines)
		}
		im.Schedule() // untold
		r.lines = nil
		turn(t, ev)
		if len(r.about()) != 2 {
			t.Errorf("a sampled turn is told as %q, want a handler", r.about())
		}
	}
}

// Nor does it begin to tell when somebody else wants to know something.
func TestTurnThatIsNotSampledStaysUntold(t *testing.T) {
	ev := newContext(t)
	r := everyOther(ev)
	for _, look := range []func(){
		func() { ev.SetSlow(time.Hour, func(tevent.SlowCallback) {}) },
		func() { ev.SetLogger(slog.New(slog.DiscardHandler)) },
	} {
		tevent.NewImmediate(ev, func() {}).Schedule()
		tevent.NewImmediate(ev, look).Schedule()
		tevent.NewImmediate(ev, func() {}).Schedule()
		r.lines = nil
		turn(t, ev)
		if len(r.lines) != 2 {
			t.Errorf("%q, want the wait", r.lines)
		}
		turn(t, ev)
	}
}

func TestTraceSetInAHandlerIsNotToldOfItsReturn(t *testing.T) {
	ev := newContext(t)
	ev.SetSlow(time.Hour, func(tevent.SlowCallback) {})
	var r *record
	tevent.NewImmediate(ev, func() { r = traceOn(ev) }).Schedule()
	turn(t, ev)
	if got := r.about(); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestWithoutSamplingTheTraceIsWholeAgain(t *testing.T) {
	ev := newContext(t)
	r := everyOther(ev)
	turn(t, ev)
	ev.SetSampling(nil)
	r.lines = nil
	for range 2 {
		tevent.NewImmediate(ev, func() {}).Schedule()
		turn(t, ev)
	}
	if got := len(r.about()); got != 8 {
		t.Errorf("%d points in %q, want 4 of each immediate", got, r.about())
	}
}

func TestUnsampledTurnsAllocateNothing(t *testing.T) {
	ev := newContext(t)
	ev.SetTrace(func(*tevent.TraceEvent) {})
	ev.SetSampling(func() bool { return false })
	turn(t, ev)
	if n := testing.AllocsPerRun(100, func() { turn(t, ev) }); n != 0 {
		t.Errorf("%v allocations a turn", n)
	}
}

// TestSampledTraceKeepsNoRequest forgets requests that were told: the books do
// not keep them as those of a whole trace do.
func TestSampledTraceKeepsNoRequest(t *testing.T) {
	ev := newContext(t)
	ev.SetTracking(false)
	var told []string
	ev.SetTrace(func(e *tevent.TraceEvent) { told = append(told, e.Name) })
	ev.SetSampling(func() bool { return true })
	gone := make(chan struct{}, 1)
	func() {
		j := start(ev, "forgotten")
		runtime.AddCleanup(j, func(c chan struct{}) { c <- struct{}{} }, gone)
		j.Done(1)
	}()
	turn(t, ev)
	turn(t, ev)
	if !slices.Contains(told, "forgotten") {
		t.Fatalf("told %q", told)
	}
	runtime.GC()
	<-gone
	for it := range ev.Items() {
		t.Errorf("in the books: %v", it)
	}
}
