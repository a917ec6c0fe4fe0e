package tevent

// subject is what the trace is told about a request.
func (c *core) subject() subject {
	s := subject{kind: KindRequest, name: c.label(), depth: c.depth(), fd: -1}
	if c.side != nil {
		s.id, s.tag = c.side.id, c.side.tag
	}
	if c.parent != nil && c.parent.side != nil {
		s.parent = c.parent.side.id
	}
	return s
}

// depth is how many requests c is for; a root's is that of the step that
// started it.
func (c *core) depth() int {
	n := 0
	for c.parent != nil {
		c = c.parent
		n++
	}
	if c.side != nil {
		n += c.side.depth
	}
	return n
}

// attach gives this life its identity.
func (c *core) attach() {
	sd := c.rare()
	sd.id = c.ev.identify()
	if p := c.ev.current; p != nil && p.gen == c.ev.curGen && p.state == StateInProgress {
		sd.depth = p.depth() + 1
	}
	c.told(Attach)
}

// detach tells the end of this life, unless its begin was not told.
func (c *core) detach() {
	if c.side.id != 0 {
		c.told(Detach)
		c.side.id = 0
	}
}

// tell tells the trace function, if there is one.
func (c *core) tell(p Point) {
	if c.ev.trace != nil {
		c.told(p)
	}
}

func (c *core) told(p Point) {
	var err error
	if p == Finished && c.state == StateFailed {
		err = c.side.err
	}
	c.ev.tell(p, c.subject(), err)
}

// observe delivers the outcome for those who want to know about it.
func (c *core) observe(cb callback) {
	s := c.subject()
	if c.parent != nil {
		s.step = c.parent.label()
	}
	if c.side != nil {
		s.created = c.ev.placed(&c.side.created)
	}
	c.ev.observe(s, func() { cb.call(c) })
}

// traced reports whether the begin of this life was told.
func (c *core) traced() bool { return c.side != nil && c.side.id != 0 }
