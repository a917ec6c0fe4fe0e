package tsocket

import (
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// errNotRun ends a call that the loop did not even begin to look at.
var errNotRun = errors.New("nobody runs the event context")

// bridge lets goroutines use something that lives on a loop. What its calls want
// stands in sides; work looks at it on the loop. It is in progress as a request
// until it is closed, so that LoopWait goes on while somebody may call, and
// Context.Close can close it.
type bridge struct {
	life   bridgeOp        // owned by the loop
	ev     *tevent.Context // immutable
	work   func()          // immutable
	sides  []*side         // immutable
	ending func()          // immutable; on the loop, once: gives back what lives there
	posted atomic.Bool     // work is on its way to the loop and has not begun
	closed atomic.Bool     // no call works any more
	ended  bool            // owned by the loop
}

// bridgeOp is the request that an open bridge is.
type bridgeOp struct {
	tevent.Op[tevent.None]
}

// open begins the life of a bridge. name is for people.
func (b *bridge) open(ev *tevent.Context, name string, work, ending func(), sides ...*side) {
	b.ev, b.ending, b.sides = ev, ending, sides
	b.work = func() {
		b.posted.Store(false) // from now on a call has to ask again
		if b.closed.Load() {
			b.end()
			return
		}
		work()
	}
	for _, s := range sides {
		s.init(b)
	}
	b.life.Start(ev, name)
	b.life.SetCancel(func(cause error) bool {
		b.shut(fmt.Errorf("%w: %w", net.ErrClosed, cause))
		b.end()
		return true
	})
	b.life.Req().Ignore()
}

// ask has work run on the loop soon; calls that ask meanwhile are one Post.
func (b *bridge) ask() {
	if !b.posted.Swap(true) && !b.ev.Post(b.work) {
		b.shut(fmt.Errorf("%w: %w", net.ErrClosed, tevent.ErrClosed))
	}
}

// shut ends all calls with err, also those that come; it reports false if that was
// done before.
func (b *bridge) shut(err error) bool {
	if b.closed.Swap(true) {
		return false
	}
	for _, s := range b.sides {
		s.shut(err)
	}
	return true
}

// close ends the bridge, and has the loop give back what it is to. A second one is
// net.ErrClosed.
func (b *bridge) close() error {
	if !b.shut(net.ErrClosed) {
		return net.ErrClosed
	}
	b.ask()
	return nil
}

// setDeadlines sets those of sides.
func (b *bridge) setDeadlines(t time.Time, sides ...*side) error {
	if b.closed.Load() {
		return net.ErrClosed
	}
	for _, s := range sides {
		s.setDeadline(t)
	}
	return nil
}

// end is the end on the loop.
func (b *bridge) end() {
	if b.ended {
		return
	}
	b.ended = true
	b.ending()
	b.life.Done(tevent.None{})
}
