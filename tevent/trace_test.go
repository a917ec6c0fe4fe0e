package tevent_test

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// record keeps what a trace was told.
type record struct {
	lines steps
	open  map[uint64]string // attached and not yet detached, by ID
	wrong []string
}

func traceOn(ev *tevent.Context) *record {
	r := &record{open: map[uint64]string{}}
	ev.SetTrace(r.told)
	return r
}

func (r *record) told(e *tevent.TraceEvent) {
	r.lines.add(traceLine(e))
	what := e.Kind.String() + " " + e.Name
	switch {
	case e.Point == tevent.Attach && (e.ID == 0 || r.open[e.ID] != ""):
		r.wrong = append(r.wrong, "attached twice: "+what)
	case e.Point == tevent.Attach:
		r.open[e.ID] = what
	case e.Point == tevent.Detach && r.open[e.ID] != what:
		r.wrong = append(r.wrong, "detached without being attached: "+what)
	case e.Point == tevent.Detach:
		delete(r.open, e.ID)
	}
}

// traceLine is short: ID, point, name and what is not nothing.
func traceLine(e *tevent.TraceEvent) string {
	s := fmt.Sprintf("%d %s %s", e.ID, e.Point, e.Name)
	if e.Parent != 0 || e.Depth != 0 {
		s += fmt.Sprintf(" of %d at %d", e.Parent, e.Depth)
	}
	if e.Tag != 0 {
		s += fmt.Sprintf(" tag %d", e.Tag)
	}
	if e.FD >= 0 {
		s += fmt.Sprintf(" fd %d", e.FD)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// about are the lines that do not tell of turns and waits.
func (r *record) about() (s steps) {
	for _, l := range r.lines {
		if !strings.Contains(l, " turn") && !strings.Contains(l, " wait") {
			s.add(l)
		}
	}
	return s
}

// whole fails the test unless everything that was attached was detached once.
func (r *record) whole(t testing.TB) {
	t.Helper()
	if len(r.open) > 0 || len(r.wrong) > 0 {
		t.Fatalf("still attached %v, wrong %v in\n%s", r.open, r.wrong, strings.Join(r.lines, "\n"))
	}
}

func TestTraceTellsTurnAndWait(t *testing.T) {
	_, ev := newWorld(t)
	r := traceOn(ev)
	timerAt(ev, time.Second, func() {}).Stop()
	ev.SetWaitTimeout(time.Second)
	before := ev.Now()
	waited := time.Duration(0)
	r.lines = nil
	ev.SetTrace(func(e *tevent.TraceEvent) {
		r.told(e)
		if e.Point == tevent.AfterWait {
			waited = e.At
		}
	})
	turn(t, ev)
	r.lines.want(t, "2 before turn turn", "2 before wait wait", "2 after wait wait", "2 after turn turn")
	if want := ev.Now().Sub(time.Unix(1000, 0)); waited != want || ev.Now().Sub(before) != time.Second {
		t.Fatal("at", waited, "want", want)
	}
}

func TestTraceTellsTheLifeOfARequest(t *testing.T) {
	_, ev := newWorld(t)
	r := traceOn(ev)
	p := start(ev, "parent")
	p.SetCleanup(func(tevent.State) {})
	o := watch(p.Req().SetTag(7))
	sub := start(ev, "sub")
	sub.Req().Handle(p, func(_ int, err error) {
		more := start(ev, "more")
		more.SetCancel(more.Fail)
		more.Req().Then(p, nil)
		p.Fail(err)
	})
	sub.Fail(errTest)
	turn(t, ev)
	if o.calls != 1 || o.err != errTest {
		t.Fatal(o)
	}
	s := r.about()
	s.want(t,
		"1 attach parent",
		"2 attach sub",
		"2 finished sub of 1 at 1: "+errTest.Error(),
		"2 before handler sub of 1 at 1",
		"2 detach sub of 1 at 1",
		"4 attach more of 0 at 1",
		"1 finished parent tag 7: "+errTest.Error(),
		"4 cancelled more of 1 at 1",
		"4 finished more of 1 at 1: tevent: parent request has ended",
		"4 detach more of 1 at 1",
		"1 cleaned parent tag 7",
		"2 after handler sub of 1 at 1",
		"1 before handler parent tag 7",
		"1 cleaned parent tag 7",
		"1 detach parent tag 7",
		"1 after handler parent tag 7")
	r.whole(t)
}

// What runs once is let go before its function runs, which may arm it again.
func TestTraceTellsOfEveryEvent(t *testing.T) {
	w, ev := newWorld(t)
	r := traceOn(ev)
	tm := tevent.NewTimer(ev, func() {})
	tm.SetTag(1)
	tm.Reset(0)
	var im *tevent.Immediate
	n := 0
	im = tevent.NewImmediate(ev, func() {
		if n++; n == 1 {
			im.Schedule()
		}
	})
	im.Schedule()
	im.SetTag(2)
	ev.Post(func() {})
	var fd *tevent.FD
	fd = watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) { fd.Close() })
	fd.SetTag(3)
	w.happen(3, sys.In)
	turn(t, ev)
	s := r.about()
	s.want(t, "1 attach timer tag 1", "2 attach immediate", "3 attach fd event fd 3",
		"5 before handler post", "5 after handler post",
		"2 before handler immediate tag 2", "2 detach immediate tag 2", "6 attach immediate tag 2", "2 after handler immediate tag 2",
		"6 before handler immediate tag 2", "6 detach immediate tag 2", "6 after handler immediate tag 2",
		"1 before handler timer tag 1", "1 detach timer tag 1", "1 after handler timer tag 1",
		"3 before handler fd event tag 3 fd 3", "3 detach fd event tag 3 fd 3", "3 after handler fd event tag 3 fd 3")
	r.whole(t)
}

// waits are the ends that only Close brings.
var waits = regexp.MustCompile("left|Close|untaken|abandoned")

func TestOneDetachForEachAttachHoweverItEnds(t *testing.T) {
	ends := map[string]func(w *world, ev *tevent.Context){
		"timer stopped": func(_ *world, ev *tevent.Context) { tm := timerAt(ev, 1, nil); tm.Stop(); tm.Stop() },
		"timer reset": func(_ *world, ev *tevent.Context) {
			tm := timerAt(ev, 1, nil)
			tm.Reset(2)
			tm.ResetAt(ev.Now())
			tm.Stop()
		},
		"timer left":        func(_ *world, ev *tevent.Context) { timerAt(ev, time.Hour, nil) },
		"timer that panics": func(_ *world, ev *tevent.Context) { timerAt(ev, 0, func() { panic("timer") }) },
		"immediate cancelled": func(_ *world, ev *tevent.Context) {
			im := tevent.NewImmediate(ev, nil)
			im.Schedule()
			im.Cancel()
			im.Cancel()
		},
		"immediate moved": func(_ *world, ev *tevent.Context) {
			im := tevent.NewImmediate(ev, func() {})
			im.Schedule()
			im.ScheduleFlush()
		},
		"immediate of Close":    func(_ *world, ev *tevent.Context) { ev.Post(func() { repeat(ev) }) },
		"fd closed":             func(_ *world, ev *tevent.Context) { fd, _ := tevent.NewFD(ev, 3, 0, nil); fd.Close(); fd.Close() },
		"fd left":               func(_ *world, ev *tevent.Context) { _, _ = tevent.NewFD(ev, 3, tevent.FDRead, nil) },
		"request dropped":       func(_ *world, ev *tevent.Context) { start(ev, "job").Req().Drop() },
		"request ignored":       func(_ *world, ev *tevent.Context) { j := start(ev, "job"); j.Req().Ignore(); j.Done(1) },
		"request done, untaken": func(_ *world, ev *tevent.Context) { start(ev, "job").Done(1) },
		"request of Close":      func(_ *world, ev *tevent.Context) { watch(start(ev, "job").Req()) },
		"request abandoned":     func(_ *world, ev *tevent.Context) { watch(start(ev, "job").Req().SetTimeout(-1)) },
		"tree of Close": func(_ *world, ev *tevent.Context) {
			p := start(ev, "parent")
			start(ev, "child").Req().Then(p, nil)
			start(ev, "deaf child").Req().Handle(p, nil)
		},
		"in place": func(_ *world, ev *tevent.Context) { _, _ = tevent.Failed[int](ev, "failed", errTest).Result() },
		"sleep":    func(_ *world, ev *tevent.Context) { tevent.Sleep(ev, 0).Ignore() },
	}
	for name, end := range ends { // in any order
		t.Run(name, func(t *testing.T) {
			w := &world{t: t, clock: clock{now: new(int64)}, tokens: map[int]uint64{}}
			ev := tevent.NewOn(w.clock, w, idleHost{}) // not watched: some leave something on purpose
			ev.SetWaitTimeout(0)
			ev.SetLogger(slog.New(slog.DiscardHandler))
			ev.OnPanic(func(*tevent.PanicError) bool { return true })
			r := traceOn(ev)
			end(w, ev)
			turn(t, ev)
			turn(t, ev)
			if !waits.MatchString(name) && len(r.open) > 0 {
				t.Errorf("not detached before Close: %v", r.open)
			}
			_ = ev.Close()
			r.whole(t)
			if len(r.about()) < 2 {
				t.Fatal("nothing was told")
			}
			if got := fmt.Sprint(r.lines); strings.Count(got, "before handler") != strings.Count(got, "after handler") {
				t.Fatal(got)
			}
		})
	}
}

// repeat schedules an immediate that never ends.
func repeat(ev *tevent.Context) {
	var im *tevent.Immediate
	im = tevent.NewImmediate(ev, func() { im.Schedule() })
	im.Schedule()
}

// What began untraced is told with ID 0 and never detached.
func TestTraceSetLateTellsNoDetachOfWhatBeganBefore(t *testing.T) {
	_, ev := newWorld(t)
	j := start(ev, "job")
	o := watch(j.Req())
	tm := timerAt(ev, 0, func() { j.Done(1) })
	r := traceOn(ev)
	turn(t, ev)
	tm.Reset(0)
	tm.Stop()
	s := r.about()
	s.want(t, "0 before handler timer", "0 finished job", "0 after handler timer",
		"0 before handler job", "0 after handler job", "2 attach timer", "2 detach timer")
	if o.calls != 1 {
		t.Fatal(o)
	}
	r.whole(t)
}

func TestSetTraceGivesTheFormerFunction(t *testing.T) {
	_, ev := newWorld(t)
	a := traceOn(ev)
	var old func(*tevent.TraceEvent)
	n := 0
	old = ev.SetTrace(func(e *tevent.TraceEvent) { n++; old(e) })
	timerAt(ev, 0, func() {}).Stop()
	if n != 2 || len(a.lines) != 2 {
		t.Fatal(n, a.lines)
	}
	if ev.SetTrace(nil) == nil || ev.SetTrace(nil) != nil {
		t.Fatal("not the former function")
	}
	timerAt(ev, 0, func() {}).Stop()
	if n != 2 {
		t.Fatal("told when nobody listens")
	}
}

// The same program on the same events gives the same trace.
func TestTraceIsDeterministic(t *testing.T) {
	run := func() string {
		w, ev := newWorld(t)
		r := traceOn(ev)
		p := start(ev, "parent")
		for i := range 20 {
			c := start(ev, fmt.Sprint("child ", i))
			c.Req().Handle(p, func(int, error) { tevent.Sleep(ev, time.Second).Handle(p, nil) })
			timerAt(ev, time.Duration(i%3)*time.Second, func() { c.Done(1) })
			watchFD(t, ev, 10+i, tevent.FDRead, func(tevent.Flags) {})
			w.happen(10+i, sys.In)
		}
		timerAt(ev, time.Minute, func() { p.Done(0) })
		watch(p.Req())
		for p.InProgress() {
			turn(t, ev)
		}
		closeNow(t, ev)
		return strings.Join(r.lines, "\n")
	}
	if a, b := run(), run(); a != b {
		t.Fatalf("%s\n\nand\n\n%s", a, b)
	}
}

func TestPanicIsToldAsTheEndOfItsHandlerAndTurn(t *testing.T) {
	_, ev := newWorld(t)
	r := traceOn(ev)
	timerAt(ev, 0, func() { panic("timer") })
	if text := panicOf(t, func() { _ = ev.LoopOnce() }); text != "timer" {
		t.Fatal(text)
	}
	r.lines.want(t, "1 attach timer", "2 before turn turn", "1 before handler timer", "1 detach timer", "1 after handler timer",
		"2 after turn turn")
}

// A parent whose children are asked for it is told as one that was asked itself.
func TestTraceTellsThatChildrenAreAskedForTheirParent(t *testing.T) {
	ev := newContext(t)
	r := traceOn(ev)
	p, c := start(ev, "parent"), start(ev, "child")
	c.SetCancel(c.Fail)
	c.Req().Then(p, nil)
	req := p.Req()
	req.Ignore()
	if !req.Cancel() {
		t.Fatal("cannot be cancelled")
	}
	turn(t, ev)
	var asked steps
	for _, l := range r.about() {
		if strings.Contains(l, tevent.Cancelled.String()) {
			asked.add(l)
		}
	}
	asked.want(t, "1 cancelled parent", "2 cancelled child of 1 at 1")
}
