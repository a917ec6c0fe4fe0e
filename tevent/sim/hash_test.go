package sim_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
)

var (
	hashes = flag.String("hashes", "", "file of hashes to compare with; it is written if it does not exist")
	hashed = flag.Uint64("hashed", 500/scale, "how many worlds TestSameSeedSameHash compares")
)

// TestSameSeedSameHash is what replaying rests on: a world is the same each time,
// on however many cores. With -hashes two runs of the test compare theirs, such
// as one with the race detector and one without.
func TestSameSeedSameHash(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var b strings.Builder
	distinct := map[uint64]bool{}
	for seed := uint64(1); seed <= *hashed; seed++ {
		runtime.GOMAXPROCS(1)
		one := play(seed, drawPlan(seed), nil).hash
		runtime.GOMAXPROCS(2)
		two := play(seed, drawPlan(seed), nil).hash
		if one != two {
			t.Fatalf("seed=%d: %016x, then %016x; compare the logs of two runs with -run '^TestSeeds$' -seed=%[1]d", seed, one, two)
		}
		distinct[one] = true
		fmt.Fprintf(&b, "%d %016x\n", seed, one)
	}
	if n := uint64(len(distinct)); n != *hashed {
		t.Errorf("%d worlds have %d hashes", *hashed, n)
	}
	if *hashes != "" {
		compare(t, *hashes, b.String())
	}
}

func compare(t *testing.T, file, got string) {
	want, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	short, long := got, string(want) // one of the two runs may have made fewer worlds
	if len(short) > len(long) {
		short, long = long, short
	}
	for line := range strings.Lines(short) {
		if !strings.HasPrefix(long, line) {
			there, _, _ := strings.Cut(long, "\n")
			t.Fatalf("%s: seed and hash differ: %q and %q", file, strings.TrimSpace(line), there)
		}
		long = long[len(line):]
	}
}

// TestWordsWithAddressesDoNotChangeTheHash: a stack and what a program says hold
// some that differ from run to run.
func TestWordsWithAddressesDoNotChangeTheHash(t *testing.T) {
	var hashes [2]uint64
	var logs [2]strings.Builder
	for i := range hashes {
		w := sim.New(5)
		w.SetLog(&logs[i])
		w.Host().Go("bad", func(ev *tevent.Context) {
			tevent.Failed[int](ev, "lost", fmt.Errorf("address %p", new(int)))
			sleep(t, ev, time.Second)
			panic(fmt.Sprintf("address %p", new(int)))
		})
		if err := w.Run(); err == nil {
			t.Error("no violation")
		}
		hashes[i] = w.Hash()
		w.Close()
	}
	if hashes[0] != hashes[1] {
		t.Errorf("%016x, then %016x", hashes[0], hashes[1])
	}
	if a, b := logs[0].String(), logs[1].String(); a == b || !strings.Contains(a, "reports:") || !strings.Contains(a, "panic: address") {
		t.Errorf("the words are not in the log:\n%s", a)
	}
}

// TestLogDoesNotChangeTheWorld: who looks closer sees the same.
func TestLogDoesNotChangeTheWorld(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		var log strings.Builder
		if a, b := play(seed, drawPlan(seed), nil), play(seed, drawPlan(seed), &log); a.hash != b.hash || log.Len() == 0 {
			t.Errorf("seed=%d: %016x without a log, %016x with", seed, a.hash, b.hash)
		}
	}
}
