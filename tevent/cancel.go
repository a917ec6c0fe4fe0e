package tevent

// ask calls the cancel function with the cause, or asks the children where
// there is none. It reports whether the request will end by itself.
func (c *core) ask(cause error) bool {
	if c.has(asked) {
		return true
	}
	if c.stop != nil {
		return c.askImplementer(cause)
	}
	if c.side == nil || c.side.kids.head == nil {
		return false
	}
	c.askChildren(cause)
	return true
}

func (c *core) askImplementer(cause error) bool {
	gen := c.gen
	c.tell(Cancelled)
	c.flags |= asked // a cancel function that ends up here again has been asked
	ok := false
	defer func() {
		if !ok && c.gen == gen {
			c.flags &^= asked // it refused, or panicked
		}
	}()
	ok = c.stop(cause)
	return ok || c.gen != gen || c.state != StateInProgress // it may have finished the request itself
}

// askChildren is the built-in cancel: no step of c runs any more, and c fails
// with the cause when each child is free or abandoned.
func (c *core) askChildren(cause error) {
	c.tell(Cancelled)
	c.flags |= asked | closing
	c.side.err = cause
	c.side.waiting++ // holds the end back while children end one by one
	defer c.childFree()
	c.dropChildren(cause)
}

// abandon fixes the outcome although the implementer still works.
func (c *core) abandon(cause error) {
	c.flags |= abandoned
	c.rare().err = cause
	c.finish(StateFailed)
}

// expire ends the request for its caller, whether or not it can be cancelled.
func (c *core) expire(cause error) {
	if c.state == StateInProgress && !c.ask(cause) {
		c.abandon(cause)
	}
}

// cancel asks and changes nothing where that is not possible.
func (c *core) cancel(cause error) bool {
	return c.state == StateInProgress && c.ask(cause)
}

// drop forgets the request: no callback, cancelled, its result released.
func (c *core) drop(cause error) {
	switch {
	case c.has(settled):
		c.end()
	case c.state != StateInProgress:
		c.leave()
	default:
		c.leave()
		if !c.ask(cause) {
			c.abandon(cause)
		}
	}
}
