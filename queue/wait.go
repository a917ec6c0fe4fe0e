package queue

import "github.com/tsocket-go/tsocket/tevent"

// wait is a job that reaches the head and stays there for its Hold.
type wait struct {
	tevent.Op[*Hold]
	Entry
	hold Hold
}

// Hold keeps a queue from going on, like a lock. It is owned by the loop.
type Hold struct {
	entry *Entry
}

// Wait completes when everything added before has gone; nothing behind starts
// until the Hold is released. It can be cancelled, counts as an entry of 0 bytes,
// and fails as Add says. A Hold that nobody receives is released. Source:
// tevent_queue_wait_send and tevent_queue_wait_recv.
func (q *Queue) Wait() tevent.Req[*Hold] {
	w := &wait{}
	w.Start(q.ev, "queue wait")
	w.SetRelease((*Hold).Release)
	w.kept = true
	Add(q, w, 0, (*wait).reached)
	return w.Req()
}

func (w *wait) reached() {
	w.hold.entry = &w.Entry
	w.Done(&w.hold)
}

// Release lets the queue go on; a second call does nothing.
func (h *Hold) Release() {
	if h.entry != nil {
		h.entry.Leave()
	}
}
