package queue

import "github.com/tsocket-go/tsocket/tevent"

// Entry is the place of a job in a queue. It is embedded by value in the
// job's struct and never copied. It is owned by the loop. Source: struct
// tevent_queue_entry.
type Entry struct {
	q          *Queue // nil: in none
	prev, next *Entry
	number     uint64
	state      state
	kept       bool // outlives its Op: a Hold's
	size       int
	job        Job
	trigger    trigger // nil: a blocker
	batch      any     // stays over lives
	tag        uint64  // stays over lives
	holding    tevent.Holding
	onFree     func() // stays over lives
	free       func() // what the Op calls; made once
	cancel     func(cause error) bool
}

type state uint8

const (
	waiting state = iota // for its trigger, or in no queue
	started              // at work
)

func (e *Entry) entry() *Entry { return e }

// SetBatch sets the batch key, nil at first: entries of equal keys, which stand
// one behind the other, may be started as one operation, see [Batch]. The key is
// comparable, such as the pointer to a stream; jobs of one key have one type. It
// stays over lives and is set while the job is in no queue.
func (e *Entry) SetBatch(key any) { e.batch = key }

// SetTag gives the entry a number for its owner's use, 0 at first, which traces
// show. It stays over lives. Source: tevent_queue_entry_set_tag.
func (e *Entry) SetTag(tag uint64) {
	e.tag = tag
	e.holding.SetTag(tag)
}

// Tag is the number of SetTag. Source: tevent_queue_entry_get_tag.
func (e *Entry) Tag() uint64 { return e.tag }

// Queued reports whether the job is in a queue.
func (e *Entry) Queued() bool { return e.q != nil }

// Leave takes the job out of its queue before its Op is free, so that the next
// has its turn. A job that waits is not triggered any more; it is its
// implementer's now. Leave does nothing if the job is in no queue. Source:
// talloc_free of a tevent_queue_entry.
func (e *Entry) Leave() {
	if e.q != nil {
		e.unguard()
		e.leave()
	}
}

// Untrigger puts the head of a stopped queue, and what it has claimed, back to
// waiting: its trigger runs again after Start. A trigger calls it that finds
// that it cannot begin now. Untrigger panics if the queue runs, the job is not
// the first, was not triggered, or has finished. Source:
// tevent_queue_entry_untrigger.
func (e *Entry) Untrigger() {
	q := e.q
	if q == nil || q.running || q.head != e || e.state != started || !e.job.InProgress() {
		panic("queue: Untrigger of what is not the head at work of a stopped queue: " + e.string())
	}
	for ; e != nil && e.state == started; e = e.next {
		e.state = waiting
		if e.job.InProgress() {
			e.guard()
		}
	}
}

// begin runs the trigger. A job that its implementer has ended meanwhile is
// passed over.
func (e *Entry) begin() {
	if e.over() {
		e.leave()
		return
	}
	e.start()
	if e.trigger != nil {
		e.holding.Call(e.q.name, e.tag, e.run)
	}
}

func (e *Entry) run() { e.trigger.run(e.job) }

// over reports whether a job that waits for its trigger needs it no more.
func (e *Entry) over() bool { return e.trigger != nil && !e.job.InProgress() }

// start hands the job to its implementer.
func (e *Entry) start() {
	e.unguard()
	e.state = started
}

// guard lets the queue answer when a job that waits is asked to end.
func (e *Entry) guard() {
	if e.trigger != nil {
		e.job.SetCancel(e.cancel)
	}
}

// unguard takes back what guard did.
func (e *Entry) unguard() {
	if e.trigger != nil && e.state == waiting {
		e.job.SetCancel(nil)
	}
}

// bind connects the Op with this entry.
func (e *Entry) bind(job Job) {
	if e.free == nil {
		e.free, e.cancel = e.freed, e.fail
	}
	job.SetFree(e.free)
}

// freed is told by the Op that it is free.
func (e *Entry) freed() {
	if e.q != nil && !e.kept {
		e.leave()
	}
	if e.onFree != nil {
		e.onFree()
	}
}

// fail ends a job that waits.
func (e *Entry) fail(cause error) bool {
	job := e.job
	e.leave()
	return job.Fail(cause)
}

func (e *Entry) leave() {
	q := e.q
	q.remove(e)
	e.clear()
	q.wake()
	q.drained()
}

// clear forgets what belongs to one stay in a queue.
func (e *Entry) clear() {
	e.holding.Release()
	e.q, e.prev, e.next, e.job, e.trigger, e.state = nil, nil, nil, nil, nil, waiting
}

func (e *Entry) string() string {
	if e.q == nil {
		return "in no queue"
	}
	return e.job.String() + ", in " + e.q.String()
}
