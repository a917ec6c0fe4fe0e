package queue

import (
	"fmt"
	"time"
)

// Queue.load counts entries in the upper 24 bits and bytes in the lower 40, so
// that both change in one step: an atomic store costs 6 ns.
const (
	one        = 1 << 40
	maxEntries = 1<<24 - 1
	maxBytes   = one - 1
)

// Name is the name given to New. It is safe from any goroutine.
func (q *Queue) Name() string { return q.name }

// Length is the number of entries, those at work included. It is safe from any
// goroutine. Source: tevent_queue_length.
func (q *Queue) Length() int { return int(q.load.Load() / one) }

// Bytes is the sum of the sizes of the entries, those at work included. It is
// safe from any goroutine.
func (q *Queue) Bytes() int { return int(q.load.Load() % one) }

// Age is how long ago the request of the first entry was started, by the time
// of the turn that did it; 0 if the queue is empty. It is safe from any
// goroutine. An age that grows is a queue that is stuck.
func (q *Queue) Age() time.Duration {
	if q.Length() == 0 {
		return 0
	}
	since := time.Duration(q.since.Load()) // first, so that it is not after now
	return q.ev.Now().Sub(q.born) - since
}

// String gives name, state, load and age.
func (q *Queue) String() string {
	state := "running"
	switch {
	case q.closed:
		state = "closed"
	case !q.running:
		state = "stopped"
	}
	return fmt.Sprintf("queue %s: %s, %d entries, %d bytes, age %s", q.name, state, q.Length(), q.Bytes(), q.Age())
}
