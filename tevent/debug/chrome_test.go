package debug

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// checkTrace holds a trace against what its viewers rely on: on each thread
// slices nest, each B has its E and time does not go back; each request has one
// b, one e, and what is between lies between.
func checkTrace(t testing.TB, events []chromeEvent) {
	t.Helper()
	open := map[int][]string{}
	last := map[int]float64{}
	type life struct{ from, to float64 }
	requests := map[string]life{}
	for i, e := range events {
		switch e.Phase {
		case "B":
			open[e.TID] = append(open[e.TID], e.Name)
		case "E":
			n := len(open[e.TID])
			if n == 0 || open[e.TID][n-1] != e.Name {
				t.Fatalf("event %d ends %q, open are %q", i, e.Name, open[e.TID])
			}
			open[e.TID] = open[e.TID][:n-1]
		case "b":
			if _, twice := requests[e.ID]; twice {
				t.Fatalf("event %d begins the request %s again", i, e.ID)
			}
			requests[e.ID] = life{e.At, -1}
		case "n", "e":
			r, ok := requests[e.ID]
			if !ok || r.to >= 0 || e.At < r.from {
				t.Fatalf("event %d: %s of the request %s, which is %v, %v", i, e.Phase, e.ID, ok, r)
			}
			if e.Phase == "e" {
				requests[e.ID] = life{r.from, e.At}
			}
		}
		if e.Phase == "B" || e.Phase == "E" {
			if e.At < last[e.TID] {
				t.Fatalf("event %d at %v comes after one at %v", i, e.At, last[e.TID])
			}
			last[e.TID] = e.At
		}
	}
	for tid, left := range open {
		if len(left) > 0 {
			t.Fatalf("thread %d: %q do not end", tid, left)
		}
	}
	for id, r := range requests {
		if r.to < 0 {
			t.Fatalf("the request %s does not end", id)
		}
	}
}

// trace is the export, as a viewer reads it.
func (w *world) trace() []chromeEvent {
	w.t.Helper()
	r := get(w.t, w.h, "/debug/trace.json")
	var got chromeTrace
	if err := json.Unmarshal(r.Body.Bytes(), &got); err != nil {
		w.t.Fatal(err)
	}
	if !strings.Contains(r.Header().Get("Content-Disposition"), "trace.json") {
		w.t.Error(r.Header())
	}
	checkTrace(w.t, got.Events)
	return got.Events
}

// TestTraceShowsTurnsWaitsCallbacksAndRequests is the golden trace of a parent
// with a child that fails after a millisecond; instants are microseconds since
// the context was shown.
func TestTraceShowsTurnsWaitsCallbacksAndRequests(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Sample: 1})
	p := w.start("parent")
	k := w.start("child")
	tevent.Handle(k.Req(), p, (*job).failed)
	w.pass(time.Millisecond)
	k.Fail(errors.New("no luck"))
	w.turn()
	w.pass(time.Millisecond)
	p.Req().Drop()
	var got []string
	for _, e := range w.trace() {
		s := fmt.Sprintf("%s %s", e.Phase, e.Name)
		switch {
		case e.Phase == "M":
			s += " " + e.Args.Name
		default:
			s += fmt.Sprintf(" at %.0f", e.At-3.6e9)
		}
		if e.Args != nil && e.Args.Note != "" {
			s += ": " + e.Args.Note + " " + e.Args.Error
		}
		if e.Phase == "B" && e.Name == "child" && e.Args.Parent != 1 {
			t.Errorf("the callback of the child knows the parent as %d", e.Args.Parent)
		}
		got = append(got, strings.TrimSpace(s))
	}
	want := []string{
		"M process_name tsocket",
		"M thread_name main",
		"b parent at 0",
		"b child at 0",
		"n child at 1000: finished no luck",
		"B turn at 1000",
		"B child at 1000",
		"e child at 1000",
		"n parent at 1000: finished",
		"E child at 1000",
		"B wait at 1000",
		"E wait at 1000",
		"E turn at 1000",
		"e parent at 2000",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (j *job) failed(int, error) { j.Done(1) }

// TestTraceIsValidWhateverTheRingForgot puts random histories through rings that
// are too short for them.
func TestTraceIsValidWhateverTheRingForgot(t *testing.T) {
	const seed = 1 // change it to try others
	rng := rand.New(rand.NewPCG(seed, 0))
	for round := range 500 {
		r := ring{buf: make([]entry, 1+rng.IntN(200))}
		var at time.Duration
		for range rng.IntN(600) {
			at += time.Duration(rng.IntN(1000))
			kind := []tevent.Kind{tevent.KindTurn, tevent.KindRequest, tevent.KindTimer, tevent.KindFD}[rng.IntN(4)]
			point := tevent.Point(rng.IntN(int(tevent.Cleaned) + 1))
			r.put(entry{at: at, id: uint64(rng.IntN(9)), name: kind.String(), point: point, kind: kind, fd: -1})
		}
		var out []chromeEvent
		th := &thread{out: &out, tid: 1, index: map[uint64]int{}}
		for _, e := range r.all() {
			th.put(e)
		}
		th.finish(at, round%2 == 0)
		if !t.Run(fmt.Sprintf("seed %d, round %d", seed, round), func(t *testing.T) { checkTrace(t, out) }) {
			return
		}
	}
}

// TestTraceKeepsApartWhatThePointsBetweenAreMissingOf has a turn whose end was
// not told, and the last moment of a request whose others are forgotten.
func TestTraceKeepsApartWhatThePointsBetweenAreMissingOf(t *testing.T) {
	var out []chromeEvent
	th := &thread{out: &out, tid: 1, index: map[uint64]int{}}
	for i, e := range []entry{
		{kind: tevent.KindRequest, point: tevent.AfterHandler, name: "old", id: 9},
		{kind: tevent.KindTurn, point: tevent.BeforeTurn, name: "turn", id: 1},
		{kind: tevent.KindTimer, point: tevent.BeforeHandler, name: "timer", id: 2},
		{kind: tevent.KindTurn, point: tevent.BeforeTurn, name: "turn", id: 3},
		{kind: tevent.KindTurn, point: tevent.AfterTurn, name: "turn", id: 3},
	} {
		e.at, e.fd = time.Duration(i)*time.Microsecond, -1
		th.put(e)
	}
	th.finish(9*time.Microsecond, true)
	var got []string
	for _, e := range out {
		got = append(got, fmt.Sprint(e.Phase, " ", e.Name, " ", e.At))
	}
	if s := strings.Join(got, ", "); s != "B turn 1, B timer 2, E timer 3, E turn 3, B turn 3, E turn 4" {
		t.Error(s)
	}
}

func TestRingKeepsTheYoungest(t *testing.T) {
	r := ring{buf: make([]entry, 4)}
	for i := range 11 {
		if want := min(i, 4); len(r.all()) != want {
			t.Fatalf("%d of %d entries", len(r.all()), i)
		}
		for j, e := range r.all() {
			if want := uint64(max(0, i-4) + j); e.id != want {
				t.Fatalf("after %d entries, %d at %d, want %d", i, e.id, j, want)
			}
		}
		r.put(entry{id: uint64(i)})
	}
}

func TestTraceOfNothingIsValid(t *testing.T) {
	w := newWorld(t, Config{})
	w.h.Remove(w.ev)
	if n := len(w.trace()); n != 1 {
		t.Errorf("%d events", n)
	}
}

// TestContextsShareTheTraceOnOneClock has two contexts whose clocks began ten
// seconds apart.
func TestContextsShareTheTraceOnOneClock(t *testing.T) {
	young := &watch{name: "young", ev: newWorld(t, Config{}).ev, rec: &recorder{}, born: time.Unix(1010, 0)}
	old := &watch{name: "old", ev: young.ev, rec: &recorder{}, born: time.Unix(1000, 0)}
	for _, w := range []*watch{young, old} {
		w.rec.ring.buf = make([]entry, 1)
		w.rec.ring.put(entry{at: 20 * time.Second, point: tevent.BeforeTurn, kind: tevent.KindTurn, name: "turn", fd: -1})
	}
	got := chrome([]*watch{young, old}).Events
	var at []string
	for _, e := range got {
		if e.Phase == "B" {
			at = append(at, fmt.Sprint(e.TID, " at ", e.At))
		}
	}
	if s := strings.Join(at, ", "); s != "1 at 3e+07, 2 at 2e+07" {
		t.Error(s)
	}
}

// TestRecordingTracesEveryTurn records for a moment, in which the loop turns.
func TestRecordingTracesEveryTurn(t *testing.T) {
	w := newWorld(t, Config{Wait: atOnce, Sample: 1 << 30, Slow: time.Hour})
	w.turn()
	w.turn()
	get(t, w.h, "/trace.json?seconds=0.000001")
	w.callback(0)
	w.turn()
	w.pass(time.Second)
	w.turn() // its begin lies behind the second
	w.callback(0)
	w.turn()
	n := 0
	for _, e := range w.trace() {
		if e.Phase == "B" && e.Name == "immediate" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d callbacks in the trace, want the one that was recorded", n)
	}
}
