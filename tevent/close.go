package tevent

// Close completes every pending request with ErrClosed and releases the
// context: it runs what Post accepted, then callbacks until none is left; what
// is started meanwhile fails with ErrClosed too. Signal handlers are closed, and
// FD events that own their descriptor. An operation whose cancel
// function only promised to end is abandoned. Inside a callback Close takes
// effect when that has returned. Streams and listeners are their owners' to
// close. Source: destroying a tevent_context, which leaves requests behind.
func (ev *Context) Close() error {
	ev.enter()
	if ev.level > 0 {
		ev.closeNow = !ev.closed && !ev.closing
		return nil
	}
	for !ev.closed { // again after a panic that OnPanic took
		ev.closeTurn()
	}
	return nil
}

func (ev *Context) closeTurn() {
	ev.level++
	ev.stage.Store(turning)
	defer ev.leave()
	ev.close()
}

func (ev *Context) close() {
	ev.closing, ev.closeNow = true, false
	ev.askAll()
	ev.shutMailbox() // not earlier: who was asked may answer with a Post
	ev.settleAll()
	ev.reportOrphans()
	ev.disown()
	ev.closeOwners()
	ev.closeSignals() // not earlier: an owner's function may make one
	ev.closed = true
	ev.detachAll()
	ev.loop.Close()
}

// disown takes what only its implementers still hold, such as the function of an
// Offload, out of the books: its caller has had his outcome.
func (ev *Context) disown() {
	for c := ev.roots.head; c != nil; {
		next := c.next
		if c.has(abandoned) && c.has(ended) {
			c.unlink()
		}
		c = next
	}
}

// shutMailbox refuses what is posted from now on and keeps what came before.
func (ev *Context) shutMailbox() {
	ev.mail.mu.Lock()
	ev.mail.closed = true
	ev.mail.mu.Unlock()
	ev.fetch()
}

// askAll asks every root, until no callback starts another.
func (ev *Context) askAll() {
	ev.exhaust()
	for ev.each((*core).unasked, (*core).expire) {
		ev.exhaust()
	}
}

// settleAll ends every root: those that only promised when all had their chance.
func (ev *Context) settleAll() {
	ev.askAll()
	for ev.each((*core).unsettled, (*core).force) {
		ev.askAll()
	}
}

func (c *core) unasked() bool { return c.state == StateInProgress && !c.has(asked) }

func (c *core) unsettled() bool { return c.state != StateFree && !c.has(settled) }

// each applies end to the roots for which cond holds, and reports whether there
// was one.
func (ev *Context) each(cond func(*core) bool, end func(*core, error)) bool {
	all := ev.roots.those(cond)
	for _, e := range all {
		if c := e.r.(*core); c.gen == e.gen && cond(c) {
			end(c, ErrClosed)
		}
	}
	return len(all) > 0
}

// those is a copy of a part of l, which may then change.
func (l *list) those(cond func(*core) bool) (all []readyEntry) {
	for c := l.head; c != nil; c = c.next {
		if cond(c) {
			all = append(all, readyEntry{c, c.gen})
		}
	}
	return all
}

// force abandons c, which then asks its children; where that was done before,
// it abandons those.
func (c *core) force(cause error) {
	if c.state == StateInProgress && !c.has(closing) {
		c.abandon(cause)
		return
	}
	for _, e := range c.side.kids.those((*core).unsettled) {
		if k := e.r.(*core); k.gen == e.gen {
			k.force(cause)
		}
	}
}

// idleRounds bounds how often exhaust runs immediates and posted functions that
// come again and again and complete nothing.
const idleRounds = 1024

// exhaust runs posted functions and callbacks until none is left.
func (ev *Context) exhaust() {
	for idle := 0; idle < idleRounds; idle++ {
		ev.revive()
		if ev.ready.completions() || ev.mail.closed && ev.posted.n > 0 {
			idle = 0
		}
		ev.budget = ev.ready.n
		ev.runPosted()
		ev.drain()
		ev.runFlush()
		if ev.ready.n+ev.gathered()+ev.posted.n+len(ev.later) == 0 && !ev.mailed.Load() {
			return
		}
	}
}

// completions reports whether a finished request is in the ready list.
func (q *ring) completions() bool {
	for i := range q.n {
		if _, ok := q.buf[(q.head+i)&(len(q.buf)-1)].r.(*core); ok {
			return true
		}
	}
	return false
}
