package queue

import (
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// Job is what a queue serializes: a pointer to a struct that embeds a
// tevent.Op, whose methods these are, and an Entry.
type Job interface {
	entry() *Entry
	Attended() bool
	Expire(cause error)
	Fail(err error) bool
	InProgress() bool
	SetCancel(f func(cause error) bool)
	SetFree(f func())
	Started() time.Time
	String() string
}

// trigger starts a job. Its dynamic types are pointer-shaped, so that storing
// one allocates nothing.
type trigger interface {
	run(job Job)
}

type method[J Job] func(J)

func (f method[J]) run(job Job) { f(job.(J)) }

func triggerOf[J Job](f func(J)) trigger {
	if f == nil {
		return nil
	}
	return method[J](f)
}

// Add appends a job, which is in progress and in no queue, else Add panics. When
// the job is the first in the running queue, trigger begins it, from the loop,
// never in here. Without a trigger the job is a blocker: it works on its own, and
// nothing behind it starts before its Op is free.
//
// size is what the job counts in bytes; below 0, Add panics. A queue that has no Room for
// it fails the request with ErrFull, a closed one with ErrClosed.
//
// Until the trigger runs, the queue answers for the job, with the cancel function
// of its Op: asked to end, the job leaves and fails with the cause. The queue
// also takes the Op's SetFree; see OnFree. Source: tevent_queue_add,
// tevent_queue_add_entry.
func Add[J Job](q *Queue, job J, size int, trigger func(J)) {
	if q.add(job, size, triggerOf(trigger)) {
		q.wake()
	}
}

// AddOptimizeEmpty is Add that runs the trigger at once, in here, if the queue
// is empty and running and the job's caller has not attended to the request
// yet. Then the request may be finished on return; its callback still runs from
// the loop. Source: tevent_queue_add_optimize_empty.
func AddOptimizeEmpty[J Job](q *Queue, job J, size int, trigger func(J)) {
	direct := q.head == nil && q.running && !job.Attended()
	if !q.add(job, size, triggerOf(trigger)) {
		return
	}
	if direct {
		job.entry().begin()
	} else {
		q.wake()
	}
}

// Replace puts job into the place of old, which leaves its queue. If old was
// started, so is job, and trigger runs only after Untrigger. Limits do not count
// here. It is for what is left of an operation whose request has to end, such as
// the unsent rest of a message. Replace panics if old is in no queue, or if job is
// in one or not in progress.
func Replace[J Job](old Job, job J, size int, trigger func(J)) {
	was, e := old.entry(), job.entry()
	if was.q == nil {
		panic("queue: Replace of a job in no queue: " + old.String())
	}
	e.mustBeAddable(job, size)
	e.set(was.q, job, size, triggerOf(trigger))
	was.q.swap(was, e)
	if was.state == started {
		e.start()
	}
	was.unguard()
	was.clear()
	e.q.drained()
}

// OnFree sets what is told, now and in later lives, that the job's Op is free
// and has left the queue. It stands in for the Op's SetFree, which belongs to
// the queue.
func OnFree(job Job, f func()) {
	e := job.entry()
	e.onFree = f
	e.bind(job)
}

// add appends the job or fails it, and reports whether it is in the queue.
func (q *Queue) add(job Job, size int, t trigger) bool {
	e := job.entry()
	e.mustBeAddable(job, size)
	if job.Fail(q.refusal(size)) {
		return false
	}
	e.set(q, job, size, t)
	q.push(e)
	return true
}

func (e *Entry) mustBeAddable(job Job, size int) {
	switch {
	case e.q != nil:
		panic("queue: Add of a job that is in a queue: " + e.string())
	case !job.InProgress():
		panic("queue: Add of a job that is not in progress: " + job.String())
	case size < 0:
		panic("queue: Add of a job of less than 0 bytes: " + job.String())
	}
}

// set fills in an entry and makes the job the queue's.
func (e *Entry) set(q *Queue, job Job, size int, t trigger) {
	e.job, e.size, e.trigger = job, size, t
	e.holding = q.ev.Attach(tevent.KindEntry, q.name, e.tag)
	e.bind(job)
	e.guard()
}
