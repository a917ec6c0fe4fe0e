//go:build linux

package fidelity

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"
)

var (
	lists = flag.Int("lists", 300, "random lists of operations")
	seed  = flag.Uint64("seed", 0, "of the first random list, the next has the next; 0 takes a new one")
)

// TestRandom plays lists of operations that nobody has written.
func TestRandom(t *testing.T) {
	real, sim := newReal(t), newSim(t)
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	for n := range *lists {
		steps := generate(first + uint64(n))
		if d := contrast(t, steps, real, sim); d.found() {
			d.shrink(t, real, sim)
			t.Fatalf("seed=%d; replay with: go test ./tevent/sim/internal/fidelity -run '^%s$' -seed=%d -lists=1\n%s",
				first+uint64(n), t.Name(), first+uint64(n), d)
		}
	}
}

// generate is the list of a seed.
func generate(seed uint64) []step {
	g := &generator{rand: rand.New(rand.NewPCG(seed, 0))}
	g.step("p = poller")
	for range 2 + g.rand.IntN(3) {
		g.create()
	}
	for range 10 + g.rand.IntN(30) {
		g.operate()
	}
	return g.steps
}
