package tevent

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// armed is what the model knows of a timer.
type armed struct {
	when int64
	seq  int
	t    *Timer
}

// TestTimerHeapAgainstModel arms, stops and takes out timers at random; the
// model is a sorted list.
func TestTimerHeapAgainstModel(t *testing.T) {
	rnd := rand.New(rand.NewPCG(Seed(t), 0))
	var h heap
	var model []armed
	seq := 0
	timers := make([]*Timer, 300)
	for i := range timers {
		timers[i] = &Timer{}
	}
	drop := func(tm *Timer) {
		model = slices.DeleteFunc(model, func(a armed) bool { return a.t == tm })
	}
	for range 20_000 {
		tm := timers[rnd.IntN(len(timers))]
		switch n := rnd.IntN(10); {
		case n < 6: // arm, or arm again
			if tm.pos != 0 {
				h.remove(tm.pos)
				drop(tm)
			}
			seq++
			when := int64(rnd.IntN(50))
			h.add(when, tm)
			model = append(model, armed{when, seq, tm})
			slices.SortFunc(model, func(a, b armed) int {
				if a.when != b.when {
					return int(a.when - b.when)
				}
				return a.seq - b.seq
			})
		case n < 8: // stop
			if tm.pos != 0 {
				h.remove(tm.pos)
				drop(tm)
			}
		default: // take out what is due
			now := int64(rnd.IntN(60))
			got := h.due(now, h.seq)
			var want *Timer
			if len(model) > 0 && model[0].when <= now {
				want = model[0].t
				drop(want)
			}
			if got != want {
				t.Fatalf("due at %d: %p, want %p", now, got, want)
			}
		}
		check(t, &h, model)
	}
}

func check(t *testing.T, h *heap, model []armed) {
	t.Helper()
	if h.size() != len(model) {
		t.Fatalf("%d timers, want %d", h.size(), len(model))
	}
	if len(model) > 0 && (h.next() != model[0].when || h.nodes[rootPos].t != model[0].t) {
		t.Fatalf("first at %d, want %d", h.next(), model[0].when)
	}
	for i := rootPos; i < len(h.nodes); i++ {
		if h.nodes[i].t.pos != i {
			t.Fatalf("node %d believes to be at %d", i, h.nodes[i].t.pos)
		}
	}
}
