package queue

import (
	"slices"

	"github.com/tsocket-go/tsocket/tevent"
)

// Limits bound a queue. An entry that would exceed one of them is refused with
// ErrFull; a job that is larger than Bytes never fits.
type Limits struct {
	Entries int // entries, those at work included; 0 is 1024, at most 2^24-1
	Bytes   int // sum of their sizes; 0 is 1 MiB, at most 2^40-1
}

const (
	defaultEntries = 1024
	defaultBytes   = 1 << 20
)

// SetLimits changes the bounds. Entries beyond lowered ones stay. Both values of
// l are 0 or more.
func (q *Queue) SetLimits(l Limits) {
	if l.Entries == 0 {
		l.Entries = defaultEntries
	}
	if l.Bytes == 0 {
		l.Bytes = defaultBytes
	}
	l.Entries = min(l.Entries, maxEntries)
	l.Bytes = int(min(int64(l.Bytes), maxBytes))
	q.limits = l
	q.drained()
}

// Limits are the present bounds.
func (q *Queue) Limits() Limits { return q.limits }

// Room reports whether Add would take a job of size bytes now.
func (q *Queue) Room(size int) bool { return q.refusal(size) == nil }

// refusal is why a job of this size is not taken, nil if it is.
func (q *Queue) refusal(size int) error {
	switch {
	case q.closed:
		return ErrClosed
	case q.Length() >= q.limits.Entries || uint64(size) > uint64(max(q.limits.Bytes-q.Bytes(), 0)):
		return ErrFull
	}
	return nil
}

// low reports whether the queue is at its low-water mark: half of both limits
// at most.
func (q *Queue) low() bool {
	return q.Length() <= q.limits.Entries/2 && q.Bytes() <= q.limits.Bytes/2
}

// drained waits for the low-water mark.
type drained struct {
	tevent.Op[tevent.None]
	q *Queue
}

// Drained completes when the queue is at its low-water mark, half of both limits
// at most; in the next turn if it is now. It fails with ErrClosed when the queue
// is closed. It can be cancelled. A producer that found no Room waits for it.
func (q *Queue) Drained() tevent.Req[tevent.None] {
	d := &drained{q: q}
	d.Start(q.ev, "queue drained")
	switch {
	case q.closed:
		d.Fail(ErrClosed)
	case q.low():
		d.Defer()
		d.Done(tevent.None{})
	default:
		d.SetCancel(d.cancel)
		q.draining = append(q.draining, d)
	}
	return d.Req()
}

func (d *drained) cancel(cause error) bool {
	q := d.q
	q.draining = slices.DeleteFunc(q.draining, func(o *drained) bool { return o == d })
	return d.Fail(cause)
}

// drained completes those who wait for the low-water mark if it is reached.
func (q *Queue) drained() {
	if len(q.draining) > 0 && q.low() {
		for _, d := range q.takeDraining() {
			d.Done(tevent.None{})
		}
	}
}

func (q *Queue) takeDraining() []*drained {
	all := q.draining
	q.draining = nil
	return all
}
