package debug

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

func TestStateHasRequestsAsATreeWithAgeAndPlace(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Places: true})
	p := w.start("parent")
	w.pass(2 * time.Second)
	w.turn() // ages are in the time of turns
	k := w.start("<script>")
	tevent.Handle(k.Req(), p, (*job).ignore)
	w.pass(3 * time.Second)
	c := w.state()
	if len(c.Requests) != 2 || c.More || c.Load.Requests != 2 || !c.Tracking {
		t.Fatalf("%+v", c)
	}
	for i, want := range []request{{"parent", "in progress", 5 * time.Second, 0, ""}, {"<script>", "in progress", 3 * time.Second, 1, ""}} {
		got := c.Requests[i]
		if !strings.Contains(got.Created, "debug/world_test.go:") {
			t.Errorf("%s was created at %q", got.Name, got.Created)
		}
		got.Created = ""
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if body := get(t, w.h, "/?format=json").Body.String(); strings.Contains(body, "<") {
		t.Errorf("markup in %s", body)
	}
	k.end()
	w.turn()
	p.end()
}

func (*job) ignore(int, error) {}

func TestStateHasQueuesTheOldestHeadFirst(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce})
	young, old := queue.New(w.ev, "young"), queue.New(w.ev, "old")
	var all []*waiter
	for _, q := range []*queue.Queue{old, old, young} {
		j := &waiter{}
		j.Start(w.ev, "waits")
		queue.Add(q, j, 100, (*waiter).begin)
		all = append(all, j)
		w.pass(time.Second)
		w.turn()
	}
	c := w.state()
	want := []line{{"old", 2, 200, 3 * time.Second}, {"young", 1, 100, time.Second}}
	if fmt.Sprint(c.Queues) != fmt.Sprint(want) || c.Unlisted != 0 {
		t.Errorf("%+v, want %+v", c.Queues, want)
	}
	for _, j := range all {
		j.Done(1)
		j.Req().Drop()
		w.turn()
	}
}

// waiter is a job that the test ends.
type waiter struct {
	tevent.Op[int]
	queue.Entry
}

func (*waiter) begin() {}

// saying is what something says of itself.
type saying string

func (s saying) String() string { return string(s) }

func TestStateHasTimersAndWhatIsHeld(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Places: true})
	var timers []*tevent.Timer
	for range 3 {
		timer := tevent.NewTimer(w.ev, func() {})
		timer.Reset(8 * time.Second)
		timers = append(timers, timer)
	}
	h := w.ev.Hold(tevent.KindFD, "stream")
	h.Describe(saying("of itself"))
	c := w.state()
	if c.Load.Timers != 3 || c.Load.Due == nil || *c.Load.Due != 8*time.Second {
		t.Errorf("%+v", c.Load)
	}
	var got []string
	for _, h := range c.Held {
		got = append(got, fmt.Sprint(h.Count, " ", h.Kind, " ", h.Name, " ", h.Created != "", h.Detail))
	}
	if s := strings.Join(got, ", "); s != "3 timer timer true, 1 fd stream trueof itself" {
		t.Error(s)
	}
	for _, timer := range timers {
		timer.Stop()
	}
	h.Release()
	if c := w.state(); c.Load.Due != nil || len(c.Held) != 0 {
		t.Errorf("without timers: %+v, %+v", c.Load, c.Held)
	}
}

func TestStateIsBounded(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce})
	var jobs []*job
	for range maxRequests + 1 {
		jobs = append(jobs, w.start("many"))
	}
	var queues []*queue.Queue
	for range maxQueues + 7 {
		queues = append(queues, queue.New(w.ev, "many"))
	}
	c := w.state()
	if len(c.Requests) != maxRequests || !c.More || len(c.Queues) != maxQueues || c.Unlisted != 7 {
		t.Errorf("%d requests (more: %v), %d queues and %d more", len(c.Requests), c.More, len(c.Queues), c.Unlisted)
	}
	for _, j := range jobs {
		j.end()
	}
	for _, q := range queues {
		_ = q.Close()
	}
}

func TestLoopFiguresAreThoseOfTheClock(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Sample: 1})
	w.turn()
	w.callback(3 * time.Millisecond)
	w.turn()
	w.callback(40 * time.Millisecond)
	w.turn()
	w.pass(time.Second)
	w.turn()
	l := w.rec().state(time.Duration(*w.clock.now))
	if l.Callbacks.Total != 2 || l.Callbacks.Max != 40*time.Millisecond || l.Callbacks.P50 != 5*time.Millisecond {
		t.Errorf("callbacks: %+v", l.Callbacks)
	}
	if l.Latency.Total != 3 || l.Latency.Max != time.Second || l.Latency.P50 != 50*time.Millisecond {
		t.Errorf("latency: %+v", l.Latency)
	}
	if n := len(l.Seconds); n != span || l.Seconds[n-2].Turns != 3 || l.Seconds[n-2].Busy != 43*time.Millisecond || l.Seconds[n-1].Turns != 1 {
		t.Errorf("seconds: %+v", l.Seconds[n-2:])
	}
	if len(l.Slow) != 2 || l.Slow[1] != (slowState{"immediate", "immediate", l.Slow[1].ID, 1, 40 * time.Millisecond, time.Second}) {
		t.Errorf("slow: %+v", l.Slow)
	}
	if l.Turns != 4 || l.Phase != "outside" {
		t.Errorf("%d turns, %s", l.Turns, l.Phase)
	}
}

func (w *world) rec() *recorder { return w.h.watches[0].rec }

func TestTimeOfACallbackIsWithoutThoseInsideOfIt(t *testing.T) {
	r := &recorder{slow: time.Hour, ring: ring{buf: make([]entry, 8)}, publish: func() {}}
	at := func(p tevent.Point, ms int) {
		r.trace(&tevent.TraceEvent{Point: p, Kind: tevent.KindImmediate, At: time.Duration(ms) * time.Millisecond})
	}
	at(tevent.BeforeHandler, 0)
	at(tevent.BeforeHandler, 10)
	at(tevent.AfterHandler, 40)
	at(tevent.AfterHandler, 50)
	if got := r.callback; got.total != 2 || got.max != 30*time.Millisecond || got.sum != 50*time.Millisecond {
		t.Errorf("%+v", got)
	}
	at(tevent.AfterHandler, 60) // of a callback that began untold
	if r.callback.total != 2 {
		t.Error("a callback that began untold is counted")
	}
}

// TestSlowTurnIsFollowedByTracedOnes finds the name of a slow callback in
// spite of the sampling: when it comes again.
func TestSlowTurnIsFollowedByTracedOnes(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Sample: 1 << 30})
	for range 3 {
		w.turn()
	}
	for range 2 {
		w.callback(20 * time.Millisecond)
		w.turn()
		w.turn()
	}
	var got []string
	for _, s := range w.rec().state(time.Duration(*w.clock.now)).Slow {
		got = append(got, s.Name)
	}
	if strings.Join(got, " ") != "immediate turn" {
		t.Errorf("slow: %q, the last one first", got)
	}
	for range after + 1 {
		w.turn()
	}
	n := w.rec().callback.total
	w.callback(0)
	w.turn()
	if w.rec().callback.total != n {
		t.Error("all turns are traced for ever")
	}
}

// TestSearchForWhatHasNoNameStaysASmallShare is a loop that the machine holds up
// again and again.
func TestSearchForWhatHasNoNameStaysASmallShare(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Sample: 1 << 30})
	const turns = 1 << 17
	whole := 0
	for i := range turns {
		w.turn()
		if w.rec().keep {
			whole++
		}
		if i%1000 == 0 {
			w.rec().stretch(w.rec().woke + time.Second)
		}
	}
	if whole < after || whole > turns/share+after<<8 {
		t.Errorf("%d of %d turns are traced in full", whole, turns)
	}
}

func TestSlowCallbacksAreSummedUpByName(t *testing.T) {
	var s slows
	for i := range 100 {
		s.put(fmt.Sprint("callback ", i), tevent.KindTimer, 0, 1, time.Duration(i))
	}
	if len(s) != maxSlow || s.recent()[0].name != "callback 99" || s.recent()[maxSlow-1].name != fmt.Sprint("callback ", 100-maxSlow) {
		t.Fatalf("%d names: %+v", len(s), s.recent())
	}
	for i := range 3 {
		s.put("callback 80", tevent.KindTimer, uint64(i), time.Duration(5-i), time.Duration(200+i))
	}
	if got := s.recent()[0]; got != (slow{"callback 80", tevent.KindTimer, 2, 4, 5, 202}) {
		t.Errorf("%+v", got)
	}
	s.put("callback 80", tevent.KindFD, 0, 1, 300)
	if len(s) != maxSlow || s.recent()[0].times != 1 {
		t.Errorf("another kind of the same name: %+v", s.recent()[:2])
	}
}

// TestSearchForASlowCallbackGoesOnUntilItIsFound has one that comes rarely, and
// shows that what was found is not searched for again at once.
func TestSearchForASlowCallbackGoesOnUntilItIsFound(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Sample: 1 << 30})
	w.turn()
	found := func() bool {
		s := w.rec().state(time.Duration(*w.clock.now)).Slow
		return len(s) > 0 && s[0].Name == "immediate"
	}
	n := 0
	for ; n < 30 && !found(); n++ {
		for range 2000 { // eight times as many as are traced at first
			w.turn()
		}
		w.callback(20 * time.Millisecond)
		w.turn()
		w.turn()
	}
	if n < 3 || n > 20 {
		t.Errorf("found at the %dth time, want three misses to be doubled away", n)
	}
	for range 1 << 17 {
		w.turn()
	}
	w.callback(20 * time.Millisecond)
	w.turn()
	w.turn()
	if w.rec().full > 0 {
		t.Errorf("%d turns are traced for what was found before", w.rec().full)
	}
}
