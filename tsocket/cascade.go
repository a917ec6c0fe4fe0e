package tsocket

import "github.com/tsocket-go/tsocket/tsocket/internal/progress"

// The end of a connection. A step is desired at every level at once, and started
// when its turn has come: data before ctrl before sock, a level's close behind its
// two directions, and, when both directions are desired, a level's close before
// anything below it. What decides is what is desired when the turn comes,
// not when the step was asked for.

// ask is a step of its end that the owner asks for.
func (c *connection) ask(x *Shut) {
	c.asked[x.step] = x
	if x.step == ShutClose {
		c.want(ShutWrite, ctrl)
		c.want(ShutRead, ctrl) // the close of sock ends its directions
	}
	c.want(x.step, sock)
	if l := &c.levels[sock]; l.ends[ShutRead].IsDesired() && l.ends[ShutWrite].IsDesired() {
		c.want(ShutClose, sock)
	}
	c.run()
}

// want makes a step desired at every level that is there, down to last. After a
// failure only the close is.
func (c *connection) want(step ShutStep, last int) {
	if c.err != nil && step != ShutClose {
		return
	}
	for i := range last + 1 {
		l := &c.levels[i]
		if x := &l.ends[step]; l.exists() && !x.IsDesired() {
			x.Want()
		}
	}
}

// run starts every step whose turn has come, and tells the owner what is over.
func (c *connection) run() {
	if c.running {
		return // the loop below finds what has changed
	}
	c.running = true
	for x := c.next(); x != nil; x = c.next() {
		x.Start()
		x.level.begin(x)
	}
	c.running = false
	c.tell()
}

// next is the step whose turn has come; the writer is first.
func (c *connection) next() *levelStep {
	for i := range c.levels {
		l := &c.levels[i]
		for _, step := range [...]ShutStep{ShutWrite, ShutRead, ShutClose} {
			if x := &l.ends[step]; x.Bits == progress.Desired && c.isDue(x) {
				return x
			}
		}
	}
	return nil
}

// isDue reports whether a desired step may be started.
func (c *connection) isDue(x *levelStep) bool {
	l, up := x.level, c.above(x.level)
	if x.step == ShutClose {
		return up == nil && l.ends[ShutRead].isOver() && l.ends[ShutWrite].isOver() && !c.isReading()
	}
	return up == nil || up.ends[x.step].isOver() && !up.ends[ShutClose].IsDesired()
}

// isReading reports whether a connection that has failed is kept for what came
// before: the owner has not read that yet.
func (c *connection) isReading() bool {
	s := c.owner
	return c.err != nil && s != nil && s.state == connected && s.rerr == nil
}

// readEnded is told inside of a call of a layer.
func (c *connection) readEnded() {
	if c.err != nil {
		c.look.Init(c.ev, c.run)
		c.look.Schedule()
	}
}

// ended is the outcome of a step that was started. One that comes after the
// release of its level changes nothing.
func (c *connection) ended(x *levelStep, err error) {
	l := x.level
	if !l.open.IsStarted() {
		return
	}
	if x.step == ShutClose {
		if e := l.release(c.hard); err == nil {
			err = e
		}
	}
	if err == nil {
		x.Complete()
	} else {
		x.failed = true
		c.fail(l, err)
	}
	c.run()
}

// fail drops the steps that were not started and has every level closed.
func (c *connection) fail(l *level, err error) {
	if l.err == nil {
		l.err = err
	}
	if c.state < established {
		c.state = failedState
	}
	if c.err != nil {
		return
	}
	c.err = err
	for i := range c.levels {
		for step := ShutRead; step <= ShutWrite; step++ {
			if x := &c.levels[i].ends[step]; x.Bits == progress.Desired {
				x.Drop()
			}
		}
	}
	c.want(ShutClose, sock)
	if c.owner != nil {
		c.owner.broken(err)
	}
}

// tell finishes what the owner has asked for and is over.
func (c *connection) tell() {
	for _, step := range [...]ShutStep{ShutWrite, ShutRead, ShutClose} {
		if x := c.asked[step]; x != nil && c.isOver(step) {
			c.asked[step] = nil
			x.Finish(c.err)
		}
	}
	if !c.isClosed() {
		return
	}
	if c.owner != nil {
		c.owner.lost(c.err)
		c.owner = nil
	}
	c.bye.end()
}

// isOver reports whether a step is over at every level; the last of two
// directions only when all is closed.
func (c *connection) isOver(step ShutStep) bool {
	if c.err == nil && c.levels[sock].ends[ShutClose].IsDesired() {
		return c.isClosed()
	}
	for i := range c.levels {
		if !c.levels[i].ends[step].isOver() {
			return false
		}
	}
	return true
}
