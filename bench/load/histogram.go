//go:build linux

package main

import "math/bits"

// sub is how many buckets each power of two has: values are kept to 1/32.
const sub = 32

// histogram counts durations in nanoseconds.
type histogram struct {
	counts [64 * sub]int64
	total  int64
}

func (h *histogram) add(ns int64) {
	h.counts[bucket(uint64(max(ns, 0)))]++
	h.total++
}

func bucket(v uint64) int {
	if v < sub {
		return int(v)
	}
	shift := bits.Len64(v) - bits.Len64(sub)
	return shift*sub + int(v>>shift)
}

// quantile is the lower bound of the bucket in which the q-th value lies.
func (h *histogram) quantile(q float64) float64 {
	left := int64(q * float64(h.total))
	for i, n := range h.counts {
		if left -= n; left < 0 {
			return float64(lower(i))
		}
	}
	return 0
}

func lower(i int) uint64 {
	if i < 2*sub {
		return uint64(i)
	}
	shift := i/sub - 1
	return uint64(i-shift*sub) << shift
}
