package queue

import "iter"

// Fail fails every job that waits for its trigger, oldest first, with err and
// reports true; those at work are their implementers', and blockers work on
// their own. It is for an error that is everybody's, such as the socket's. Later
// jobs are taken as before. If err is nil, Fail changes nothing and reports
// false.
func (q *Queue) Fail(err error) bool {
	if err == nil {
		return false
	}
	for e := range q.snapshot((*Entry).waits) {
		e.fail(err)
	}
	return true
}

// stay is one stay of an entry in a queue.
type stay struct {
	e      *Entry
	number uint64
}

// snapshot is the entries for which f holds, now and when their turn comes: what
// is done about one may run functions that add and remove others.
func (q *Queue) snapshot(f func(*Entry) bool) iter.Seq[*Entry] {
	var all []stay
	for e := q.head; e != nil; e = e.next {
		if f(e) {
			all = append(all, stay{e, e.number})
		}
	}
	return func(yield func(*Entry) bool) {
		for _, s := range all {
			if s.e.q == q && s.e.number == s.number && f(s.e) && !yield(s.e) {
				return
			}
		}
	}
}

// waits reports whether the job is in progress and waits for its trigger.
func (e *Entry) waits() bool { return e.state == waiting && e.trigger != nil && e.job.InProgress() }

// Close completes every request of the queue with ErrClosed, what waits for Wait
// and Drained too: a job that waits for its trigger fails at once; one at work,
// or a blocker, is asked to end as by a deadline, and if its implementer cannot,
// its caller is told nevertheless. What is added later fails. A second call does
// nothing. It returns nil, so that an Op can Own a queue. Source: destroying a
// tevent_queue, which leaves its requests pending for ever.
func (q *Queue) Close() error {
	q.closed, q.running = true, false
	q.listing.Delist()
	for _, d := range q.takeDraining() {
		d.Fail(ErrClosed)
	}
	q.Fail(ErrClosed)
	for e := range q.snapshot(func(e *Entry) bool { return e.job.InProgress() }) {
		e.job.Expire(ErrClosed)
	}
	return nil
}
