package tevent

import "sync"

// postBudget is how many posted functions one turn runs at most.
const postBudget = 256

// mailbox is the door for other goroutines.
type mailbox struct {
	mu     sync.Mutex
	in     []func() // first in, first out
	closed bool
}

// Post runs f on the loop, in the order of posting, and wakes a sleeping loop.
// It reports false, and drops f, when the context is closed. It is safe from
// any goroutine. Source: tevent_threaded_schedule_immediate.
func (ev *Context) Post(f func()) bool {
	m := &ev.mail
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return false
	}
	m.in = append(m.in, f)
	first := len(m.in) == 1
	if first {
		ev.mailed.Store(true) // in here: whoever finds a function in the mailbox finds it told
	}
	m.mu.Unlock()
	if first {
		ev.loop.Wake()
	}
	return true
}

// runPosted runs what was posted, up to the budget of a turn.
func (ev *Context) runPosted() {
	if ev.posted.n == 0 && ev.mailed.Load() {
		ev.fetch()
	}
	for i := 0; i < postBudget && ev.posted.n > 0; i++ {
		ev.worked = true
		e := ev.posted.pop()
		if ev.observed {
			ev.observe(subject{kind: KindPost, name: "post", id: ev.identify(), fd: -1}, func() { e.r.run(0) })
		} else {
			e.r.run(0)
		}
		ev.drain()
	}
}

// posted is a function of another goroutine in the loop's own list.
type posted func()

func (f posted) run(uint64) { f() }

// fetch moves what has come in to the loop's own list.
func (ev *Context) fetch() {
	m := &ev.mail
	m.mu.Lock()
	ev.mailed.Store(false)
	m.in, ev.batch = ev.batch[:0], m.in
	m.mu.Unlock()
	for i, f := range ev.batch {
		ev.posted.push(readyEntry{posted(f), 0})
		ev.batch[i] = nil
	}
}
