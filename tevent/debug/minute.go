package debug

import (
	"iter"
	"time"
)

// span is how many seconds a minute remembers.
const span = 60

// second is what happened in one second of a context's clock.
type second struct {
	number   int64 // of the second, from the start of the clock
	turns    uint64
	busy     time.Duration // outside of waits
	latency  histogram
	callback histogram
}

// minute is the last seconds of a context. The zero minute is empty.
type minute struct {
	seconds [span]second
}

// at is the second in which the instant now lies. What was in its place is a
// minute old and forgotten.
func (m *minute) at(now time.Duration) *second {
	n := int64(now / time.Second)
	s := &m.seconds[n%span]
	if s.number != n {
		*s = second{number: n}
	}
	return s
}

// until yields the seconds up to now, the oldest first, empty ones too. The last
// is not over.
func (m *minute) until(now time.Duration) iter.Seq[*second] {
	return func(yield func(*second) bool) {
		last := int64(now / time.Second)
		for n := last - span + 1; n <= last; n++ {
			s := &second{number: n}
			if n >= 0 && m.seconds[n%span].number == n {
				s = &m.seconds[n%span]
			}
			if !yield(s) {
				return
			}
		}
	}
}
