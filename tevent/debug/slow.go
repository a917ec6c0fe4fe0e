package debug

import (
	"cmp"
	"slices"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// slow is a callback that took long, once or again and again; of kind turn it is
// a whole turn of which nobody knows the callback.
type slow struct {
	name    string
	kind    tevent.Kind
	id      uint64 // of the last life
	times   int
	longest time.Duration // without the callbacks inside of it
	last    time.Duration // when it returned
}

// maxSlow bounds how many names are kept: the one that was slow least recently
// goes.
const maxSlow = 32

// slows is what was slow, by name.
type slows []slow

// put notes that something took so long and returned at now.
func (s *slows) put(name string, kind tevent.Kind, id uint64, took, now time.Duration) {
	i := slices.IndexFunc(*s, func(o slow) bool { return o.name == name && o.kind == kind })
	if i < 0 {
		if len(*s) == maxSlow {
			*s = s.recent()[:maxSlow-1]
		}
		i = len(*s)
		*s = append(*s, slow{name: name, kind: kind})
	}
	o := &(*s)[i]
	o.id, o.last = id, now
	o.times++
	o.longest = max(o.longest, took)
}

// recent is a copy, the last one first.
func (s *slows) recent() []slow {
	return slices.SortedStableFunc(slices.Values(*s), func(a, b slow) int { return cmp.Compare(b.last, a.last) })
}
