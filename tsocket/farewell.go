package tsocket

import (
	"net"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket/internal/progress"
)

// DefaultLinger bounds what a layered stream still has to say when it is closed.
const DefaultLinger = 5 * time.Second

// farewell is a connection without an owner whose steps are retained. It is a
// request, so that the books of the context have it.
type farewell struct {
	tevent.Op[tevent.None]
}

// close detaches the owner and ends every level. What cannot be done now goes on
// without him, for as long as it may linger.
func (c *connection) close() error {
	c.owner = nil
	clear(c.asked[:])
	if c.isClosed() {
		return nil
	}
	before := c.err
	c.want(ShutClose, sock)
	if !c.hard && c.ev != nil {
		c.run()
	}
	switch {
	case c.isClosed():
	case c.hard || c.ev == nil || c.linger < 0:
		c.force(net.ErrClosed)
	default:
		c.stay()
		return nil
	}
	if before != nil {
		return nil // it was told
	}
	return c.err
}

// stay waits for what is retained.
func (c *connection) stay() {
	c.bye.Start(c.ev, "close")
	c.bye.SetPrint(c.String)
	c.bye.SetCancel(func(cause error) bool {
		c.force(cause)
		c.bye.Fail(cause)
		return true
	})
	r := c.bye.Req()
	r.SetTimeout(c.linger)
	r.Ignore()
}

// end is told when the last level was released.
func (b *farewell) end() {
	if b.InProgress() {
		b.Done(tevent.None{})
	}
}

// force releases every level at once, in order. Steps that wait for something
// are given up.
func (c *connection) force(cause error) {
	for i := range c.levels {
		l := &c.levels[i]
		for step := range l.ends {
			if x := &l.ends[step]; x.Bits == progress.Started && !x.failed {
				x.failed, l.err = true, cause
			}
		}
		if e := l.release(c.hard); c.err == nil {
			c.err = e
		}
	}
}
