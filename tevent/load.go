package tevent

import "time"

// Load is how much a context has before it.
type Load struct {
	Requests int           // without an outcome
	Ready    int           // finished requests and immediates whose turn comes
	Posted   int           // functions of other goroutines, those of this turn
	Timers   int           // armed, with deadlines and sleeps
	Due      time.Duration // until the first timer, below 0 if it is late; 0 without timers
	Watched  int           // FD events that could happen, and signal handlers
}

// Load is what waits on the context now.
func (ev *Context) Load() Load {
	l := Load{
		Requests: ev.pending,
		Ready:    ev.ready.n + ev.gathered(),
		Posted:   ev.posted.n,
		Timers:   ev.timers.size(),
		Watched:  ev.watching,
	}
	if l.Timers > 0 {
		l.Due = time.Duration(ev.timers.next() - ev.kernel.Now())
	}
	return l
}
