package queue

// Fail fails every job that waits for its trigger, oldest first, with err and
// reports true; those at work are their implementers', and blockers work on
// their own. It is for an error that is everybody's, such as the socket's. Later
// jobs are taken as before. If err is nil, Fail changes nothing and reports
// false.
func (q *Queue) Fail(err error) bool {
	if err == nil {
		return false
	}
	for _, s := range q.snapshot() {
		if s.e.q == q && s.e.number == s.number && s.e.waits() {
			s.e.fail(err)
		}
	}
	return true
}

// stay is one stay of an entry in a queue.
type stay struct {
	e      *Entry
	number uint64
}

// snapshot is what waits now: a failure may run functions that add and remove.
func (q *Queue) snapshot() []stay {
	var all []stay
	for e := q.head; e != nil; e = e.next {
		if e.waits() {
			all = append(all, stay{e, e.number})
		}
	}
	return all
}

// waits reports whether the job is in progress and waits for its trigger.
func (e *Entry) waits() bool { return e.state == waiting && e.trigger != nil && e.job.InProgress() }

// Close fails every job that waits for its trigger, and what waits for Wait and
// Drained, with ErrClosed, and so each that is added later. Those at work and
// blockers go on to the end that their implementers give them. A second call
// does nothing. It returns nil, so that an Op can Own a queue. Source:
// destroying a tevent_queue, which leaves its requests pending for ever.
func (q *Queue) Close() error {
	q.closed, q.running = true, false
	for _, d := range q.takeDraining() {
		d.Fail(ErrClosed)
	}
	q.Fail(ErrClosed)
	return nil
}
