package debug

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestDurationsFallIntoTheBucketBelowTheirBound(t *testing.T) {
	if !slices.IsSorted(bounds[:]) {
		t.Fatal("bounds do not rise")
	}
	for i, b := range bounds {
		if bucket(b-1) != i || bucket(b) != i+1 {
			t.Errorf("%v is in %d and what is just below in %d, want %d and %d", b, bucket(b), bucket(b-1), i+1, i)
		}
	}
	if bucket(0) != 0 || bucket(time.Hour) != len(bounds) {
		t.Errorf("0 is in %d, an hour in %d", bucket(0), bucket(time.Hour))
	}
}

// TestQuantileIsTheBoundAboveTheExactOne compares with sorted durations.
func TestQuantileIsTheBoundAboveTheExactOne(t *testing.T) {
	const seed = 1 // change it to try others
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		var h histogram
		all := make([]time.Duration, 1+rng.IntN(300))
		for i := range all {
			all[i] = time.Duration(1) << rng.IntN(36)
			h.add(all[i])
		}
		slices.Sort(all)
		for _, q := range []float64{0.5, 0.9, 0.99, 1} {
			n := 0
			for float64(n) < q*float64(len(all)) {
				n++
			}
			exact := all[n-1]
			if want := h.bound(bucket(exact)); h.quantile(q) != want || want < exact {
				t.Fatalf("seed %d: quantile %v of %d durations is %v, want %v above %v", seed, q, len(all), h.quantile(q), want, exact)
			}
		}
		if h.max != all[len(all)-1] {
			t.Fatalf("seed %d: max %v of %v", seed, h.max, all)
		}
	}
	if q := new(histogram).quantile(0.5); q != 0 {
		t.Errorf("the median of nothing is %v", q)
	}
}

func TestMergedHistogramHasEverythingOfBoth(t *testing.T) {
	var a, b, both histogram
	for i := range 50 {
		d := time.Duration(i*i*i) * time.Microsecond
		both.add(d)
		if i%3 == 0 {
			a.add(d)
		} else {
			b.add(d)
		}
	}
	a.merge(&b)
	if a != both {
		t.Errorf("merged %+v\nwant %+v", a, both)
	}
}

func TestMinuteForgetsWhatIsAMinuteOld(t *testing.T) {
	var m minute
	turns := func(now time.Duration) (all []uint64) {
		for s := range m.until(now) {
			all = append(all, s.turns)
		}
		return all
	}
	m.at(10 * time.Second).turns = 1
	m.at(11 * time.Second).turns = 2
	m.at(69 * time.Second).turns = 3
	got := turns(69 * time.Second)
	if len(got) != span || got[0] != 1 || got[1] != 2 || got[span-1] != 3 {
		t.Errorf("at 69 s: %v", got)
	}
	if got := turns(70 * time.Second); got[0] != 2 || got[span-2] != 3 || got[span-1] != 0 {
		t.Errorf("at 70 s: %v", got)
	}
	m.at(70*time.Second).turns++
	if got := turns(70 * time.Second); got[0] != 2 || got[span-1] != 1 {
		t.Errorf("at 70 s, in the place of second 10: %v", got)
	}
}
