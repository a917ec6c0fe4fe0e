package tevent

import "math"

// Close completes every pending request with ErrClosed and releases the
// context: it runs what Post accepted, then callbacks until none is left; what
// is started meanwhile fails with ErrClosed too. Inside a callback it takes
// effect when that has returned. Streams and listeners are their owners' to
// close. Source: destroying a tevent_context, which leaves requests behind.
func (ev *Context) Close() error {
	if ev.closed {
		return nil
	}
	if ev.level > 0 {
		ev.closeNow = true
		return nil
	}
	ev.enter()
	ev.level++
	defer ev.leave()
	ev.close()
	return nil
}

func (ev *Context) close() {
	ev.closing = true
	ev.settleAll(func(c *core) { c.expire(ErrClosed) })
	ev.shutMailbox()
	ev.settleAll(func(c *core) { c.expire(ErrClosed) })
	ev.settleAll(func(c *core) { c.force(ErrClosed) }) // whose cancel functions only promised
	ev.closed = true
	ev.loop.Close()
}

// shutMailbox refuses what is posted from now on and keeps what came before.
func (ev *Context) shutMailbox() {
	ev.fetch()
	ev.mail.mu.Lock()
	ev.mail.closed = true
	ev.mail.mu.Unlock()
	ev.fetch()
}

// settleAll ends every root with f until no callback starts another.
func (ev *Context) settleAll(f func(*core)) {
	for {
		ev.exhaust()
		roots := ev.inProgress()
		if len(roots) == 0 {
			return
		}
		for _, e := range roots {
			if c := e.r.(*core); c.gen == e.gen {
				f(c)
			}
		}
	}
}

// inProgress is the roots that have no outcome and were not asked for it.
func (ev *Context) inProgress() []readyEntry {
	var all []readyEntry
	for c := ev.roots.head; c != nil; c = c.next {
		if c.state == StateInProgress && !c.has(asked) {
			all = append(all, readyEntry{c, c.gen})
		}
	}
	return all
}

// exhaust runs posted functions and callbacks until none is left.
func (ev *Context) exhaust() {
	ev.revive()
	for {
		ev.budget = math.MaxInt
		ev.runPosted()
		ev.drain()
		ev.runFlush()
		if ev.ready.n+ev.flush.n+ev.posted.n+len(ev.later) == 0 && !ev.mailed.Load() {
			return
		}
		ev.revive()
	}
}

// drainClosed ends what was started after Close.
func (ev *Context) drainClosed() {
	ev.settleAll(func(c *core) { c.force(ErrClosed) })
}

// force abandons c and everything under it that only promised to end.
func (c *core) force(cause error) {
	if c.side != nil {
		for k := c.side.kids.head; k != nil; {
			next := k.next
			k.force(cause)
			k = next
		}
	}
	if c.state != StateInProgress {
		return
	}
	p, waited := c.parent, c.has(waitedFor)
	if waited {
		c.flags &^= waitedFor
		c.detach()
	}
	c.abandon(cause)
	if waited {
		p.childFree()
	}
}
