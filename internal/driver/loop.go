package driver

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

const (
	// batch is how many events one Wait fetches at most.
	batch = 128
	// burst is how many sockets Dispatch serves at most. Their calls come right
	// behind one another: what runs between two calls has to be fetched again, for
	// the kernel has been through the caches, and the callbacks of all of them run
	// on one fetch. More than this gains nothing and holds more buffers.
	burst = 16
)

// Handler is told what became ready on its descriptor.
type Handler interface {
	Ready(r sys.Ready)
}

// Loop dispatches the events of one Poller.
type Loop struct {
	Kernel  sys.Kernel // immutable
	Buffers Buffers    // the context's receive buffers
	Spares  any        // the streams' operations for later use
	Bursts  uint64     // number of the present burst, or of the last

	poller sys.Poller
	keeps  bool // the poller's Keeps, as of the last Wait
	slots  []slot
	free   []uint32 // indices of unused slots
	turn   uint64   // number of the present turn; a Sock receives once a turn

	// Fetched and not yet dispatched; they outlive a turn that a panic ended.
	events  [batch]sys.Event
	next, n int

	again []*Sock // served already this turn and still ready: first in the next
	now   []*Sock // the again list of the turn before
}

// slot is one registration. The generation in the token keeps an event of a
// closed descriptor away from its successor.
type slot struct {
	handler Handler
	gen     uint32
	mode    sys.Mode
}

// New returns a Loop over k and p.
func New(k sys.Kernel, p sys.Poller) *Loop {
	return &Loop{Kernel: k, poller: p, turn: 1}
}

// Register watches fd for h and returns the token of the registration.
func (l *Loop) Register(h Handler, fd int, mode sys.Mode) (uint64, sys.Errno) {
	i := l.slot()
	l.slots[i].handler, l.slots[i].mode = h, mode
	token := uint64(i)<<32 | uint64(l.slots[i].gen)
	if errno := l.poller.Add(fd, token, mode); errno != 0 {
		l.release(token)
		return 0, errno
	}
	return token, 0
}

// Want passes a wish for readiness on to the Poller.
func (l *Loop) Want(fd int, token uint64, r sys.Ready) sys.Errno {
	return l.poller.Want(fd, token, r)
}

// Unregister forgets fd. It comes before the descriptor is closed; events
// fetched for it are dropped.
func (l *Loop) Unregister(fd int, token uint64) {
	l.poller.Del(fd, token)
	l.release(token)
}

func (l *Loop) slot() uint32 {
	if n := len(l.free); n > 0 {
		i := l.free[n-1]
		l.free = l.free[:n-1]
		return i
	}
	l.slots = append(l.slots, slot{})
	return uint32(len(l.slots) - 1)
}

func (l *Loop) release(token uint64) {
	i := uint32(token >> 32)
	l.slots[i].handler = nil
	l.slots[i].gen++
	l.free = append(l.free, i)
}

// Busy reports whether Dispatch has work without waiting.
func (l *Loop) Busy() bool { return l.next < l.n || len(l.again) > 0 || len(l.now) > 0 }

// Wait begins a turn: it fetches events, and sleeps until deadline for the
// first one unless there is work already.
func (l *Loop) Wait(deadline int64) sys.Errno {
	l.turn++
	if l.next < l.n || len(l.now) > 0 {
		return 0 // left by a turn that did not end
	}
	if len(l.again) > 0 {
		deadline = 0
	}
	l.now, l.again = l.again, l.now[:0]
	n, errno := l.poller.Wait(l.events[:], deadline)
	l.keeps = l.poller.Keeps()
	l.next, l.n = 0, n
	if errno == syscall.EINTR {
		return 0
	}
	return errno
}

// Dispatch serves a burst of sockets, those with events before those that were
// left over from the last turn. An FD event, whose handler is the user's, is the
// last of its burst. It reports false when nothing is left.
func (l *Loop) Dispatch() bool {
	l.Bursts++
	n := 0
	for ; n < burst && l.next < l.n; n++ {
		if l.event() == sys.Level {
			return true
		}
	}
	for ; n < burst && len(l.now) > 0; n++ {
		l.leftOver()
	}
	return n > 0
}

// event serves the next event and tells how its descriptor is registered.
func (l *Loop) event() sys.Mode {
	e := l.events[l.next]
	l.next++
	s := &l.slots[e.Token>>32]
	mode := s.mode
	if s.gen == uint32(e.Token) && s.handler != nil {
		s.handler.Ready(e.Ready)
	}
	return mode
}

// leftOver serves a Sock that was served in the last turn and is still ready.
func (l *Loop) leftOver() {
	n := len(l.now) - 1
	s := l.now[n]
	l.now[n] = nil
	l.now = l.now[:n]
	s.queued = false
	s.serve()
}

// drop takes s out of the lists of those that are served again: from now on it
// may belong to another loop.
func (l *Loop) drop(s *Sock) {
	s.queued = false
	is := func(x *Sock) bool { return x == s }
	l.again = slices.DeleteFunc(l.again, is)
	l.now = slices.DeleteFunc(l.now, is)
}

// Wake ends the sleep of Wait. It is safe from any goroutine.
func (l *Loop) Wake() { l.poller.Wake() }

// Close releases the Poller. Descriptors are their owners' to close.
func (l *Loop) Close() { l.poller.Close() }
