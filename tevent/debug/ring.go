package debug

import (
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// entry is a TraceEvent that is kept.
type entry struct {
	at         time.Duration
	id, parent uint64
	name       string
	err        string
	fd         int32
	point      tevent.Point
	kind       tevent.Kind
}

// ring keeps the youngest entries.
type ring struct {
	buf []entry
	n   uint64 // entries that were put, the forgotten ones too
}

func (r *ring) put(e entry) {
	r.buf[r.n%uint64(len(r.buf))] = e
	r.n++
}

// all is a copy of what is there, the oldest first.
func (r *ring) all() []entry {
	size := uint64(len(r.buf))
	if r.n <= size {
		return append([]entry(nil), r.buf[:r.n]...)
	}
	i := r.n % size
	return append(append(make([]entry, 0, size), r.buf[i:]...), r.buf[:i]...)
}
