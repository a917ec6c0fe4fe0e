package queue_test

import (
	"flag"
	"io"
	"log/slog"
	"math/rand/v2"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

var seed = flag.Uint64("seed", 0, "of the one history that TestQueueIsTheModel runs; 0 is all")

// TestQueueIsTheModel drives a queue and the naive one through the same random
// histories and compares what has begun, what is there, and every outcome.
func TestQueueIsTheModel(t *testing.T) {
	first, last := uint64(1), uint64(300)
	if *seed != 0 {
		first, last = *seed, *seed
	}
	for s := first; s <= last; s++ {
		if why := compare(t, s, naive{}); why != "" {
			t.Fatalf("seed=%d: %s\nreplay: go test ./queue -run TestQueueIsTheModel -seed=%d", s, why, s)
		}
	}
}

// The negative control: naive queues that break one rule each are found out.
func TestModelFindsQueuesThatBreakARule(t *testing.T) {
	for name, broken := range map[string]naive{
		"next starts at done":          {startAtDone: true},
		"claimed are not waited for":   {forgetClaims: true},
		"stop is ignored":              {ignoreStop: true},
		"a failure is everybody's":     {poison: true},
		"cancel leaves the entry":      {keepCancelled: true},
		"a full queue takes one more":  {oneMore: true},
		"blockers wait for a trigger":  {endBlockers: true},
		"untriggered do not run again": {forgetUntrigger: true},
	} {
		found := false
		for s := uint64(1); s <= 100 && !found; s++ {
			found = compare(t, s, broken) != ""
		}
		if !found {
			t.Errorf("%s: not noticed", name)
		}
	}
}

// compare runs the history of a seed and says where the two part.
func compare(t *testing.T, seed uint64, m naive) string {
	ev := teventtest.Open(t)
	ev.SetLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))
	ev.SetWaitTimeout(0)
	h := &history{ev: ev, q: queue.New(ev, "model"), m: m, rng: rand.New(rand.NewPCG(seed, 0))}
	h.q.SetLimits(queue.Limits{Entries: modelEntries, Bytes: modelBytes})
	why := h.run()
	h.end()
	ev.Close()
	if why == "" {
		teventtest.Check(t, ev)
	}
	return why
}
