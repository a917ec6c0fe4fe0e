package debug

import (
	"iter"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// slow is a callback that took long, or a whole turn of which nobody knows the
// callback.
type slow struct {
	at   time.Duration // when it returned
	took time.Duration // without the callbacks inside of it
	name string
	kind tevent.Kind
	id   uint64
}

// slows keeps the last slow ones.
type slows struct {
	buf [32]slow
	n   int // that were put
}

func (s *slows) put(one slow) {
	s.buf[s.n%len(s.buf)] = one
	s.n++
}

// all yields them, the youngest first.
func (s *slows) all() iter.Seq[slow] {
	return func(yield func(slow) bool) {
		for i := s.n - 1; i >= max(0, s.n-len(s.buf)); i-- {
			if !yield(s.buf[i%len(s.buf)]) {
				return
			}
		}
	}
}
