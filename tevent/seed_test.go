package tevent

import (
	"flag"
	"testing"
	"time"
)

var seedFlag = flag.Uint64("seed", 0, "of the random tests; 0 takes a new one")

// Seed is the seed of a random test. When the test fails it prints the seed and
// the command that replays it.
func Seed(t testing.TB) uint64 {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed=%d; replay with: go test ./tevent -run '^%s$' -seed=%d", seed, t.Name(), seed)
		}
	})
	return seed
}
