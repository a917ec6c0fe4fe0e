package sim_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

var (
	seeds    = flag.Uint64("seeds", 500/scale, "how many worlds TestSeeds makes")
	first    = flag.Uint64("first", 1, "seed of the first of them")
	seedFlag = flag.Uint64("seed", 0, "run this world only, with its log")
)

// tally is what many worlds came to.
type tally struct {
	mu     sync.Mutex
	worlds int
	fired  []int // worlds in which a kind happened, by Kind
	unix   int
	bytes  int64
	hashes map[uint64]bool
	failed []failure
}

type failure struct {
	seed uint64
	err  error
}

func (t *tally) add(seed uint64, o outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.worlds++
	t.bytes += o.bytes
	t.hashes[o.hash] = true
	if o.unix {
		t.unix++
	}
	for k, n := range o.hits {
		if n > 0 {
			t.fired[k]++
		}
	}
	if o.err != nil && len(t.failed) < 8 {
		t.failed = append(t.failed, failure{seed, o.err})
	}
}

// TestSeeds runs many worlds on two cores and judges each. It prints what went
// wrong how often, for a fault that never happens proves nothing.
func TestSeeds(t *testing.T) { sweep(t, play, ofDatagrams) }

// game plays the world of a seed under a plan. log may be nil.
type game func(seed uint64, plan sim.Plan, log io.Writer) outcome

// sweep plays many worlds, or the one that is asked for. Some kinds of faults may
// be foreign to a game.
func sweep(t *testing.T, play game, foreign func(sim.Kind) bool) {
	if *seedFlag != 0 {
		replay(t, play, *seedFlag)
		return
	}
	all := &tally{fired: make([]int, len(sim.Kinds())), hashes: map[uint64]bool{}}
	var next atomic.Uint64
	next.Store(*first)
	var cores sync.WaitGroup
	for range 2 {
		cores.Go(func() {
			for {
				seed := next.Add(1) - 1
				if seed >= *first+*seeds {
					return
				}
				all.add(seed, play(seed, drawPlan(seed), nil))
			}
		})
	}
	cores.Wait()
	all.report(t, foreign)
	for _, f := range all.failed {
		explain(t, play, f)
	}
}

// TestAWorldWhateverGoesWrong is how a program is tested in one world at a time;
// -count makes it as many as one has patience for.
func TestAWorldWhateverGoesWrong(t *testing.T) {
	seed := sim.Seed(t) // printed with the command that replays it, if the test fails
	plan := drawPlan(seed)
	if play(seed, plan, nil).err == nil {
		return
	}
	least := sim.Shrink(plan, func(p sim.Plan) bool { return play(seed, p, nil).err != nil })
	t.Errorf("%v, so far as with\n%v", play(seed, least, t.Output()).err, least)
}

func (all *tally) report(t *testing.T, foreign func(sim.Kind) bool) {
	n := float64(all.worlds)
	least := n / 20
	switch { // a share needs many worlds
	case all.worlds < 500:
		least = 0
	case all.worlds < 5000:
		least = 1
	}
	t.Logf("%d worlds, %.0f %% over unix sockets, %.1f MB moved, %.2f %% distinct hashes", all.worlds,
		100*float64(all.unix)/n, float64(all.bytes)/1e6, 100*float64(len(all.hashes))/n)
	for k, fired := range all.fired {
		t.Logf("%-12v in %5.1f %% of the worlds", sim.Kind(k), 100*float64(fired)/n)
		if float64(fired) < least && !foreign(sim.Kind(k)) {
			t.Errorf("%v happens in %d of %d worlds: too seldom to prove anything", sim.Kind(k), fired, all.worlds)
		}
	}
	if float64(len(all.hashes)) < 0.99*n {
		t.Errorf("only %d of %d worlds are different", len(all.hashes), all.worlds)
	}
}

// ofDatagrams tells what an application without any cannot meet.
func ofDatagrams(k sim.Kind) bool { return k == sim.Doubled || k == sim.Overtaken }

// explain reports a world that failed, with the least that makes it fail.
func explain(t *testing.T, play game, f failure) {
	small := sim.Shrink(drawPlan(f.seed), func(p sim.Plan) bool { return play(f.seed, p, nil).err != nil })
	t.Errorf("seed=%d: %v\nreplay with: go test ./tevent/sim -run '^%[4]s$' -seed=%[1]d\nit fails so far as with the plan\n%[3]v", f.seed, f.err, small, t.Name())
}

// replay runs one world and shows everything that happens in it.
func replay(t *testing.T, play game, seed uint64) {
	plan := drawPlan(seed)
	if text := os.Getenv("SIM_PLAN"); text != "" {
		file, err := os.ReadFile(text)
		if err != nil {
			t.Fatal(err)
		}
		if plan, err = sim.ParsePlan(string(file)); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Printf("the plan:\n%v", plan)
	if err := play(seed, plan, os.Stdout).err; err != nil {
		t.Errorf("seed=%d: %v", seed, err)
	}
}
