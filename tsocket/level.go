package tsocket

import "github.com/tsocket-go/tsocket/tsocket/internal/progress"

// The levels of a connection, from the top down.
const (
	data = iota
	ctrl
	sock
)

var levelNames = [...]string{data: "data", ctrl: "ctrl", sock: "sock"}

// level is one of the three places of a connection.
type level struct {
	name  string        // of the layer; "" at sock
	ops   StreamOps     // the layer; nil if there is none, and at sock
	front *Stream       // the stream of this level, which the one above uses; nil at the top
	open  progress.Bits // the handshake of a layer; at sock, completed while there is a stream
	done  bool          // the handshake's handlers are: the stream was handed over
	ends  [3]levelStep
	err   error // the first failure
}

// levelStep is a step of the end at one level. If it cannot complete now it is
// retained here, whatever becomes of who asked.
type levelStep struct {
	Shut
	progress.Bits
	c      *connection
	level  *level
	failed bool
}

// isOver reports whether nothing more is expected of the step.
func (x *levelStep) isOver() bool { return x.failed || !x.IsPending() }

// finished is the answer of a layer, ended that of the stream of the level.
func (x *levelStep) finished(err error) { x.c.ended(x, err) }
func (x *levelStep) ended(err error)    { x.c.ended(x, err) }

// exists reports whether there is anything at this level.
func (l *level) exists() bool { return l.open.IsDesired() }

// isTop reports whether no other level is above.
func (l *level) isTop() bool { return l.front == nil }

// begin asks for a step of the end.
func (l *level) begin(x *levelStep) {
	if l.isTop() {
		l.ops.StartShut(&x.Shut)
	} else {
		l.front.end(x.step, x)
	}
}

// release frees the layer, or the stream of the level with what is below it.
func (l *level) release(hard bool) error {
	if !l.open.IsStarted() {
		return nil
	}
	l.open.Free()
	switch {
	case l.isTop():
		return l.ops.Close()
	case hard:
		return l.front.Abort()
	}
	return l.front.Close()
}
