package queue

import (
	"sync/atomic"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// Queue is a first-in-first-out list of jobs, of which the first is at work.
// It is owned by the loop, except what says that it is safe from any goroutine.
// Source: struct tevent_queue.
type Queue struct {
	ev   *tevent.Context // immutable
	name string          // immutable
	born time.Time       // immutable; ages are kept relative to it

	// The entries, linked. Those at work come first; numbers rise from head to
	// tail. Owned by the loop.
	head, tail *Entry
	number     uint64 // of the youngest entry
	turn       tevent.Immediate
	running    bool
	closed     bool
	limits     Limits
	draining   []*drained
	listing    tevent.Listing

	load  atomic.Uint64 // entries and bytes, see one
	since atomic.Int64  // when the head's request was started, after born
}

// New returns an empty, running queue for requests on ev with the default
// Limits. name is static text for people, such as "send". Source:
// tevent_queue_create.
func New(ev *tevent.Context, name string) *Queue {
	q := &Queue{ev: ev, name: name, born: ev.Now(), running: true}
	q.SetLimits(Limits{})
	q.turn.Init(ev, q.begin)
	q.listing = tevent.Enlist(ev, q)
	return q
}

// Stop keeps the queue from starting jobs. What has started goes on to its end,
// and jobs may be added. Source: tevent_queue_stop.
func (q *Queue) Stop() { q.running = false }

// Start resumes a stopped queue; a closed one stays closed. The trigger of the
// head runs from the loop, never in here. Source: tevent_queue_start.
func (q *Queue) Start() {
	q.running = !q.closed
	q.wake()
}

// Running reports whether the queue starts jobs: it is neither stopped nor
// closed. Source: tevent_queue_running.
func (q *Queue) Running() bool { return q.running }

// wake schedules the trigger of a head that waits.
func (q *Queue) wake() {
	if q.running && q.head != nil && q.head.state == waiting && !q.turn.Scheduled() {
		q.turn.Schedule()
	}
}

// begin starts the head from the loop.
func (q *Queue) begin() {
	if q.running && q.head != nil && q.head.state == waiting {
		q.head.begin()
	}
}

// push appends e.
func (q *Queue) push(e *Entry) {
	q.number++
	e.q, e.number = q, q.number
	q.link(q.tail, e)
	q.tail = e
	q.load.Add(one + uint64(e.size))
}

// remove takes e out, wherever it stands.
func (q *Queue) remove(e *Entry) {
	q.link(e.prev, e.next)
	q.load.Add(-(one + uint64(e.size)))
}

// swap puts e into the place of was.
func (q *Queue) swap(was, e *Entry) {
	e.q, e.number = q, was.number
	q.link(was.prev, e)
	q.link(e, was.next)
	q.load.Add(uint64(e.size) - uint64(was.size))
}

// link makes neighbours of a and b; a nil one stands for the queue's end.
func (q *Queue) link(a, b *Entry) {
	if b == nil {
		q.tail = a
	} else {
		b.prev = a
	}
	if a == nil {
		q.head = b
		q.headChanged()
	} else {
		a.next = b
	}
}

// headChanged publishes since when the new head's request has been going.
func (q *Queue) headChanged() {
	if q.head != nil {
		q.since.Store(int64(q.head.job.Started().Sub(q.born)))
	}
}
