package tsocket

import (
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// connection is what a layered stream stands on: a data layer, a ctrl layer,
// or both, over the stream of a socket or of anything else. It keeps how far each
// level has come from its handshake to its end, also when the requests that
// asked for that are gone. It is owned by the loop.
type connection struct {
	ev      *tevent.Context // nil while detached
	levels  [3]level
	state   connState
	owner   *Stream  // at the top; nil before there is one, and once it is detached
	asked   [3]*Shut // what the owner waits for
	err     error    // the first failure
	running bool     // run is on the stack
	hard    bool     // its end resets the connection
	linger  time.Duration
	bye     farewell
	look    tevent.Immediate // runs what the end of reading has held up
}

// connState is how a connection began and what became of it. It never goes back.
type connState uint8

const (
	accepted connState = iota
	connecting
	established
	failedState
)

// String is the state's name.
func (s connState) String() string {
	return [...]string{"accepted", "connecting", "established", "error"}[s]
}

// newConnection takes lower over as its sock.
func newConnection(lower *Stream, state connState) *connection {
	c := &connection{ev: lower.ev, state: state}
	for i := range c.levels {
		l := &c.levels[i]
		for step := range l.ends {
			x := &l.ends[step]
			*x = levelStep{Shut: Shut{ShutStep(step), x}, c: c, level: l}
		}
	}
	c.put(sock, lower, nil, "")
	return c
}

// put begins a level: above that of the stream front, or sock, which is front.
func (c *connection) put(i int, front *Stream, ops StreamOps, name string) {
	l := &c.levels[i]
	l.open.Want()
	l.open.Start()
	l.name, l.ops = name, ops
	front.over, front.conn = c, nil
	if i == sock {
		l.front = front
		l.open.Complete()
		l.done = true
		return
	}
	c.owner = nil
	c.below(l).front = front
}

// below is the next level that exists below l.
func (c *connection) below(l *level) *level {
	if l == &c.levels[data] && c.levels[ctrl].exists() {
		return &c.levels[ctrl]
	}
	return &c.levels[sock]
}

// above is the next level that exists above l, nil at the top.
func (c *connection) above(l *level) *level {
	if l == &c.levels[sock] && c.levels[ctrl].exists() {
		return &c.levels[ctrl]
	}
	if l != &c.levels[data] && c.levels[data].exists() {
		return &c.levels[data]
	}
	return nil
}

// isClosed reports whether every level was released.
func (c *connection) isClosed() bool {
	return !c.levels[data].exists() && !c.levels[ctrl].exists() && !c.levels[sock].exists()
}

// hand gives the stream of the top level to its owner.
func (c *connection) hand(i int, local, remote Address) *Stream {
	l := &c.levels[i]
	l.done = true
	if c.state < established {
		c.state = established
	}
	c.owner = NewStream(c.ev, &seat{l.ops, c, l}, local, remote)
	c.owner.conn = c
	return c.owner
}
