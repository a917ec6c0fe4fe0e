package queue

import "iter"

// Batch yields head, which is at work, and then one by one what stands behind it
// with the same batch key: what head has claimed already, and then, while the
// queue runs, what it may claim. Jobs that have finished are left out. An
// operation that gathers claims what fits and breaks off:
//
//	for w := range queue.Batch(head) {
//		if !gather(w) {
//			break
//		}
//		w.Claim()
//	}
//
// The loop may finish or remove the job it is at, and ends behind one that it
// does not claim. A head without a key is alone; one that is not at work yields
// nothing.
func Batch[J Job](head J) iter.Seq[J] {
	return func(yield func(J) bool) {
		e := head.entry()
		if e.state != started {
			return
		}
		q, batch := e.q, e.batch
		for e != nil {
			number := e.number
			if j, ok := e.job.(J); ok && j.InProgress() && !yield(j) {
				return
			}
			e = q.behind(e, number, batch)
		}
	}
}

// behind is the next of the batch after e, which had the number and may have
// left meanwhile; nil if there is none.
func (q *Queue) behind(e *Entry, number uint64, batch any) *Entry {
	n := e.next
	switch {
	case batch == nil:
		return nil
	case e.q != q || e.number != number:
		n = q.after(number)
	case e.state == waiting:
		return nil // it was not claimed
	}
	n = q.passOver(n)
	if n == nil || n.batch != batch || n.state == waiting && !n.claimable() {
		return nil
	}
	return n
}

// after is the first entry with a higher number, nil if there is none.
func (q *Queue) after(number uint64) *Entry {
	n := q.head
	for n != nil && n.number <= number {
		n = n.next
	}
	return n
}

// passOver is n or the first behind it that did not end while it waited.
func (q *Queue) passOver(n *Entry) *Entry {
	for n != nil && n.state == waiting && n.over() {
		over := n
		n = n.next
		over.leave()
	}
	return n
}

// claimable reports whether the entry may start together with the one before it.
func (e *Entry) claimable() bool {
	p := e.prev
	return p != nil && p.state == started && e.q.running && e.batch != nil && e.batch == p.batch
}

// Claim starts the job together with the one in front of it. The job's trigger
// does not run: from here on it is the claimer's, who finishes the jobs he has
// claimed in their order. A second call does nothing. Claim panics unless the
// queue runs and the job in front is at work and has the same batch key.
func (e *Entry) Claim() {
	if e.state == started {
		return
	}
	if !e.claimable() {
		panic("queue: Claim of what is not right behind a job at work of its batch: " + e.string())
	}
	e.start()
}
