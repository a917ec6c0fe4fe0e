package debug

import "time"

// bounds are the upper bounds of the buckets, of which the last has none: 1, 2
// and 5 of each decade from a microsecond to ten seconds.
var bounds = [...]time.Duration{
	1e3, 2e3, 5e3, 10e3, 20e3, 50e3, 100e3, 200e3, 500e3,
	1e6, 2e6, 5e6, 10e6, 20e6, 50e6, 100e6, 200e6, 500e6,
	1e9, 2e9, 5e9, 10e9,
}

// histogram counts durations. The zero histogram is empty.
type histogram struct {
	counts [len(bounds) + 1]uint64
	total  uint64
	sum    time.Duration
	max    time.Duration
}

// bucket is the first whose bound is above d. Most are short.
func bucket(d time.Duration) int {
	for i, b := range bounds {
		if d < b {
			return i
		}
	}
	return len(bounds)
}

func (h *histogram) add(d time.Duration) {
	h.counts[bucket(d)]++
	h.total++
	h.sum += d
	h.max = max(h.max, d)
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.total += o.total
	h.sum += o.sum
	h.max = max(h.max, o.max)
}

// quantile is a duration that a share q of those counted do not exceed: the
// bound of their last one's bucket, or the greatest of all if that is less; 0 if
// nothing was counted.
func (h *histogram) quantile(q float64) time.Duration {
	rank := max(uint64(q*float64(h.total)+0.999999), 1) // of that last one, from 1
	for i, n := range h.counts {
		if n >= rank {
			return h.bound(i)
		}
		rank -= n
	}
	return h.max
}

func (h *histogram) bound(i int) time.Duration {
	if i == len(bounds) {
		return h.max
	}
	return min(bounds[i], h.max)
}
