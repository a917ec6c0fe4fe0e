package tevent

// list is a doubly linked list of requests in order of arrival.
type list struct {
	head, tail *core
}

func (l *list) add(c *core) {
	c.prev, c.next = l.tail, nil
	if l.tail == nil {
		l.head = c
	} else {
		l.tail.next = c
	}
	l.tail = c
	c.flags |= linked
}

func (l *list) remove(c *core) {
	if c.prev == nil {
		l.head = c.next
	} else {
		c.prev.next = c.next
	}
	if c.next == nil {
		l.tail = c.prev
	} else {
		c.next.prev = c.prev
	}
	c.prev, c.next = nil, nil
	c.flags &^= linked
}

// siblings is the list c is or would be in.
func (c *core) siblings() *list {
	if c.parent != nil {
		return &c.parent.rare().kids
	}
	return &c.ev.roots
}

func (c *core) unlink() {
	if c.has(linked) {
		c.siblings().remove(c)
	}
}

// adopt makes p wait for c: c's outcome runs a step of p, p's finish ends c.
func (c *core) adopt(p *core, cb callback) {
	if c.ev != p.ev {
		panic("tevent: " + c.label() + " and its parent " + p.label() + " live on different contexts")
	}
	if p.state == StateFree || p.has(settled) {
		c.drop(errParentEnded)
		return
	}
	c.unlink()
	c.parent, c.cb = p, cb
	c.siblings().add(c)
	if p.side.profile != nil {
		p.side.profile.add(c)
	}
	switch {
	case p.state != StateInProgress || p.has(closing):
		c.dropFrom(p, errParentEnded)
	case c.has(settled) && !c.has(deferred):
		c.enqueue()
	}
}

// dropChildren asks what is under c to end. Children that work on their end
// are counted in waiting; the others are ended or abandoned by then.
func (c *core) dropChildren(cause error) {
	for k := c.side.kids.head; k != nil; k = c.side.kids.head {
		if k.has(waitedFor) {
			return // they stand at the tail, in the order they were asked
		}
		k.dropFrom(c, cause)
	}
}

// dropFrom is Drop by the parent p, which waits for a child that agreed to end,
// and for one that did not as long as its own children work on their end.
func (c *core) dropFrom(p *core, cause error) {
	if c.has(settled) {
		c.end()
		return
	}
	c.leave()
	c.waitFor(p)
	if c.state == StateInProgress && !c.ask(cause) {
		c.abandon(cause) // becomes a root when what is under it is free
	}
}

// leave makes the caller's side deaf: no callback, and handles are stale.
func (c *core) leave() {
	c.flags |= dropped
	c.cb = nil
	c.gen++
}

func (c *core) waitFor(p *core) {
	c.flags |= waitedFor
	p.side.waiting++
	p.side.kids.remove(c)
	p.side.kids.add(c)
}

// childFree is told by a child that c waited for.
func (c *core) childFree() {
	c.side.waiting--
	if c.side.waiting > 0 {
		return
	}
	switch {
	case c.state == StateInProgress && c.has(closing):
		c.flags &^= held
		c.finish(StateFailed)
	case c.state != StateInProgress && !c.has(settled):
		c.settle()
	}
}
