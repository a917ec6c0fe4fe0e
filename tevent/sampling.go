package tevent

// SetSampling lets f say at the begin of each turn whether the trace is told all
// of it; of the others it is told only the wait, which is cheap enough for
// always: 0.1 µs a turn. nil, the start value, is all of every turn.
// What lives longer than a turn that is told is then told in part: an ID may
// come without Attach, or never be detached. f is called on the loop, between
// turns.
func (ev *Context) SetSampling(f func() bool) {
	ev.sampling = f
	ev.sample(true)
}

// sample begins or ends telling everything.
func (ev *Context) sample(all bool) {
	ev.thinned = !all
	ev.attend()
}

// attend finds out anew who is told what.
func (ev *Context) attend() {
	ev.trace = nil
	if !ev.thinned {
		ev.trace = ev.tracer
	}
	if ev.verbose {
		ev.trace = ev.logged(ev.trace)
	}
	ev.listing = ev.tracking || ev.trace != nil
	ev.observed = ev.trace != nil || ev.slow.told != nil
}
