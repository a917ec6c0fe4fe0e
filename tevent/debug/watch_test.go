package debug

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

func TestSilentLoopIsShownWithWhatItPublishedLast(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce})
	w.turn() // the second one is not sampled
	j := w.start("pending")
	w.state() // the loop knows j and owes an answer
	w.pass(3200 * time.Millisecond)
	c := read(t, w.h).Contexts[0]
	if c.Status != "silent" || c.Silent != 3200*time.Millisecond || c.Stale != 3200*time.Millisecond {
		t.Errorf("%s for %v, %v old", c.Status, c.Silent, c.Stale)
	}
	if len(c.Requests) != 1 || c.Requests[0].Name != "pending" {
		t.Errorf("requests %+v", c.Requests)
	}
	if c.Loop.Phase != "outside" || c.Stack != nil {
		t.Errorf("nobody runs it, and it is %s at %v", c.Loop.Phase, c.Stack)
	}
	w.turn()
	if c := read(t, w.h).Contexts[0]; c.Status != "answers" || c.Stale != 0 {
		t.Errorf("after a turn: %s, %v old", c.Status, c.Stale)
	}
	j.end()
}

// TestLoopIsAskedOnceHoweverManyLook leaves nothing in the mailbox of a loop that
// does not answer.
func TestLoopIsAskedOnceHoweverManyLook(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Sample: 1})
	for range 50 {
		read(t, w.h)
	}
	n := 0
	w.ev.SetTrace(func(e *tevent.TraceEvent) {
		if e.Point == tevent.BeforeHandler && e.Kind == tevent.KindPost {
			n++
		}
	})
	w.turn()
	if n != 1 {
		t.Errorf("%d posted functions after 50 looks", n)
	}
}

// TestStuckLoopShowsWhereItStands looks at a real loop whose callback does not
// return.
func TestStuckLoopShowsWhereItStands(t *testing.T) {
	teventtest.Process(t)
	ev, err := tevent.New()
	if err != nil {
		t.Fatal(err)
	}
	h := New(Config{Wait: time.Millisecond, Sample: 1})
	h.Add("stuck", ev)
	ctx, cancel := context.WithCancel(context.Background())
	in, out := make(chan struct{}), make(chan struct{})
	tevent.NewImmediate(ev, func() { standStill(in, out) }).Schedule()
	ended := serving(ctx, ev)
	<-in
	c := read(t, h).Contexts[0]
	if c.Status != "silent" || c.Silent <= 0 || c.Loop.Phase != "callback" || c.Loop.Callback != "immediate" {
		t.Errorf("%s for %v, in the %s %q", c.Status, c.Silent, c.Loop.Phase, c.Loop.Callback)
	}
	text := ""
	for _, f := range c.Stack {
		text += f.Function + " " + f.Place + "\n"
	}
	first, _, _ := strings.Cut(text, "\n")
	if !strings.Contains(first, "debug.standStill") || !strings.Contains(first, "watch_test.go:") {
		t.Errorf("it stands at %q of\n%s", first, text)
	}
	close(out)
	h.config.Wait = time.Minute
	if c := read(t, h).Contexts[0]; c.Status != "answers" || c.Stack != nil {
		t.Errorf("when it goes on, it is %s at %v", c.Status, c.Stack)
	}
	cancel()
	<-ended
}

// standStill says that it was called and returns when it is told to.
//
//go:noinline
func standStill(in, out chan struct{}) {
	close(in)
	<-out
}

// serving runs ev until ctx ends, then closes it.
func serving(ctx context.Context, ev *tevent.Context) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = ev.Serve(ctx)
		_ = ev.Close()
	}()
	return ended
}

// TestContextsMayBeWatchedWhileTheyEnd has lookers on many goroutines; under the
// race detector it is what shows that a look is safe.
func TestContextsMayBeWatchedWhileTheyEnd(t *testing.T) {
	teventtest.Process(t)
	h := New(Config{Wait: time.Minute, Sample: 2, Events: 64, Places: true})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var loops []<-chan struct{}
	for range 3 {
		ev, err := tevent.New()
		if err != nil {
			t.Fatal(err)
		}
		h.Add("busy", ev)
		b := &busy{ev: ev}
		b.Start(ev, "busy")
		b.again(tevent.None{}, nil)
		loops = append(loops, serving(ctx, ev))
	}
	var lookers sync.WaitGroup
	for range 4 {
		lookers.Go(func() {
			for n := range 40 {
				if n == 20 {
					cancel()
				}
				read(t, h)
				get(t, h, "/trace.json")
			}
		})
	}
	lookers.Wait()
	for _, ended := range loops {
		<-ended
	}
	for _, c := range read(t, h).Contexts {
		if c.Status != "closed" || c.Silent != 0 {
			t.Errorf("%s is %s", c.Name, c.Status)
		}
	}
}

// busy sleeps for no time, again and again.
type busy struct {
	tevent.Op[tevent.None]
	ev *tevent.Context
}

func (b *busy) again(_ tevent.None, err error) {
	if !b.Fail(err) {
		tevent.Handle(tevent.Sleep(b.ev, 0), b, (*busy).again)
	}
}

func TestFormerTraceIsToldEverything(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce})
	w.h.Remove(w.ev)
	var own []tevent.Point
	former := func(e *tevent.TraceEvent) { own = append(own, e.Point) }
	w.ev.SetTrace(former)
	turns := func() {
		for range 3 {
			w.callback(0)
			w.turn()
		}
	}
	turns()
	alone := len(own)
	w.h.Add("main", w.ev)
	own = nil
	turns()
	if len(own) != alone {
		t.Errorf("told %v while it is shown, %d points before", own, alone)
	}
	w.h.Remove(w.ev)
	own = nil
	turns()
	if len(own) != alone {
		t.Errorf("told %v after Remove", own)
	}
	if n := len(read(t, w.h).Contexts); n != 0 {
		t.Errorf("%d contexts after Remove", n)
	}
}

// TestRemoveGivesTheTraceBack also of a context that was added twice and has a
// sampling of its own, which Add has left alone.
func TestRemoveGivesTheTraceBack(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce})
	w.h.Remove(w.ev)
	own, turns := 0, 0
	w.ev.SetTrace(func(e *tevent.TraceEvent) {
		if e.Point == tevent.BeforeTurn {
			own++
		}
	})
	w.ev.SetSampling(func() bool { turns++; return turns%2 == 0 })
	w.h.Add("main", w.ev)
	w.h.Add("again", w.ev)
	first := w.rec()
	w.h.Remove(w.ev)
	for range 4 {
		w.turn()
	}
	if n := len(w.h.all()); n != 0 || own != 2 || turns != 4 || first.turns != 0 {
		t.Errorf("%d are shown, %d of %d turns are told, the page of %d", n, own, turns, first.turns)
	}
}

// TestTheLongerRecordingCounts of two that overlap.
func TestTheLongerRecordingCounts(t *testing.T) {
	r := &recorder{}
	r.record(3)
	r.record(2)
	if got := r.until.Load(); got != 3 {
		t.Error(got)
	}
	r.record(4)
	if got := r.until.Load(); got != 4 {
		t.Error(got)
	}
}

// TestLoopPublishesBeforeAnybodyLooks is for one that gets stuck before that.
func TestLoopPublishesBeforeAnybodyLooks(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce})
	j := w.start("pending")
	w.pass(time.Second)
	w.turn()
	w.pass(5 * time.Second)
	c := read(t, w.h).Contexts[0]
	if len(c.Requests) != 1 || c.Stale != 5*time.Second {
		t.Errorf("%v old: %+v", c.Stale, c.Requests)
	}
	j.end()
	w.turn()
}
