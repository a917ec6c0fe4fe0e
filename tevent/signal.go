package tevent

import (
	"os"
	"slices"
	"sync/atomic"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// lastSignal is the highest number that a signal may have.
const lastSignal = 64

// Signal calls a function for a signal that the process receives, from the
// loop, first in a turn. It is owned by the loop. Source: struct tevent_signal.
type Signal struct {
	src  *signals
	f    func(sig os.Signal, count int)
	due  int // raises that f has not been told of
	held Holding
	tag  uint64
}

// signals is one signal with its handlers.
type signals struct {
	ev       *Context
	sig      os.Signal
	handlers []*Signal    // the newest last
	raised   atomic.Int64 // since the loop looked
	stop     func()       // of the Host; nil for a closed context's
}

// NewSignal calls f for sig from now on until Close; meanwhile sig does not have
// its usual effect. Any number of handlers, of any contexts, may watch one
// signal: those of one context are called newest first. count, from 1 on, is how
// often the signal was raised since f was called last; it is a lower bound, as
// the system itself counts raises that come close together as one. A handler
// holds LoopWait, and Close of the context closes it. EINVAL: sig is no signal, or one that cannot
// be caught. Source: tevent_add_signal; a handler of one call is NextSignal.
func NewSignal(ev *Context, sig os.Signal, f func(sig os.Signal, count int)) (*Signal, error) {
	ev.enter()
	if !catchable(sig) {
		return nil, os.NewSyscallError("signal", syscall.EINVAL)
	}
	if ev.closed {
		return nil, ErrClosed
	}
	if ev.raised.Load() {
		ev.collect() // what was raised before now is not this handler's
	}
	s := &Signal{src: ev.signal(sig), f: f}
	s.src.handlers = append(s.src.handlers, s)
	s.held = ev.Attach(KindSignal, "signal", 0)
	ev.watching++
	return s, nil
}

func catchable(sig os.Signal) bool {
	n, ok := sig.(syscall.Signal)
	return ok && n >= 1 && n <= lastSignal && n != syscall.SIGKILL && n != sys.SigStop
}

// signal is what is known of sig, watched from the first handler on.
func (ev *Context) signal(sig os.Signal) *signals {
	for _, s := range ev.signals {
		if s.sig == sig {
			return s
		}
	}
	s := &signals{ev: ev, sig: sig}
	s.stop = ev.host.Notify([]os.Signal{sig}, s.raise)
	ev.signals = append(ev.signals, s)
	return s
}

// raise is called on a goroutine of the Host.
func (s *signals) raise(os.Signal) {
	s.raised.Add(1)
	if !s.ev.raised.Swap(true) {
		s.ev.loop.Wake()
	}
}

// Signal is the signal that is watched.
func (s *Signal) Signal() os.Signal { return s.src.sig }

// SetTag gives the handler a number for its owner's use, 0 at first, which
// traces show. Source: tevent_signal_set_tag.
func (s *Signal) SetTag(tag uint64) {
	s.tag = tag
	s.held.SetTag(tag)
}

// Tag is the number of SetTag. Source: tevent_signal_get_tag.
func (s *Signal) Tag() uint64 { return s.tag }

// Close ends the watch, from any handler; when it was the last of all contexts,
// the disposition is restored. A second Close does nothing.
func (s *Signal) Close() error {
	if s.held.ev == nil {
		return nil
	}
	ev := s.src.ev
	ev.enter()
	s.settle()
	s.held.Release()
	ev.watching--
	s.src.remove(s)
	return nil
}

func (s *signals) remove(h *Signal) {
	s.handlers = slices.DeleteFunc(s.handlers, func(x *Signal) bool { return x == h })
	if len(s.handlers) == 0 {
		s.ev.signals = slices.DeleteFunc(s.ev.signals, func(x *signals) bool { return x == s })
		s.stop()
	}
}

// settle takes back what h has not been told of, and says how much that is.
func (h *Signal) settle() int {
	n := h.due
	if n > 0 {
		h.due = 0
		h.src.ev.signalled--
	}
	return n
}

// runSignals calls the handlers of what was raised. What a panic or Close keeps
// from being called is due in the next turn.
func (ev *Context) runSignals() {
	if ev.raised.Load() {
		ev.collect()
	}
	if ev.signalled == 0 {
		return
	}
	for _, s := range slices.Clone(ev.signals) {
		for _, h := range slices.Backward(slices.Clone(s.handlers)) {
			if n := h.settle(); n > 0 {
				ev.worked = true
				h.call(n)
				ev.drain()
			}
			if ev.closeNow {
				return
			}
		}
	}
}

// collect hands what was raised to the handlers.
func (ev *Context) collect() {
	ev.raised.Store(false) // first: what is raised from here on is seen next time
	for _, s := range ev.signals {
		n := int(s.raised.Swap(0))
		if n == 0 {
			continue
		}
		for _, h := range s.handlers {
			if h.due == 0 {
				ev.signalled++
			}
			h.due += n
		}
	}
}

func (h *Signal) call(n int) {
	if h.src.ev.observed {
		h.held.call("signal", h.tag, -1, func() { h.f(h.src.sig, n) })
	} else {
		h.f(h.src.sig, n)
	}
}

// closeSignals ends every watch of a context that is being closed.
func (ev *Context) closeSignals() {
	for _, s := range slices.Clone(ev.signals) {
		for _, h := range slices.Clone(s.handlers) {
			h.Close()
		}
	}
}
