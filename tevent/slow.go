package tevent

import "time"

// SlowCallback is a function that held the loop for long: everything else on
// the context waited for it.
type SlowCallback struct {
	Kind    Kind          // what ran it
	Name    string        // static text, as in a TraceEvent; a request: the one whose outcome it was told
	Step    string        // request: the name of the request whose step it was; "" for a plain callback
	Created string        // file:line where that was made, if the context tracks
	Tag     uint64        // of the event
	FD      int           // fd event; -1 otherwise
	Took    time.Duration // on the context's clock, what ran inside of it included
}

// slow is the watchdog.
type slow struct {
	after time.Duration
	told  func(SlowCallback) // nil: off
}

// SetSlow tells f about each callback, step, trigger, timer, immediate, posted
// function, signal or fd handler that took longer than d, after it has returned
// or panicked; nil, the start value, turns it off, which costs nothing. While it
// is on, each of them costs two looks at the clock. f looks on: it changes
// nothing of the context.
func (ev *Context) SetSlow(d time.Duration, f func(SlowCallback)) {
	ev.slow = slow{d, f}
	ev.attend()
}

// measure runs f, the function of s, and tells the watchdog if it took long.
func (ev *Context) measure(s subject, f func()) {
	if ev.slow.told == nil {
		f()
		return
	}
	defer ev.measured(s, ev.kernel.Now())
	f()
}

func (ev *Context) measured(s subject, began int64) {
	took := time.Duration(ev.kernel.Now() - began)
	if took <= ev.slow.after || ev.slow.told == nil {
		return
	}
	c := SlowCallback{Kind: s.kind, Name: s.name, Step: s.step, Tag: s.tag, FD: s.fd, Took: took}
	if s.created != nil {
		c.Created = s.created.String()
	}
	ev.slow.told(c)
}

// placed keeps a place for the watchdog, beyond what was made there.
func (ev *Context) placed(p *place) *place {
	if ev.slow.told == nil || !ev.tracking {
		return nil
	}
	kept := *p
	return &kept
}
