package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// SetEventContext moves an idle stream between contexts: with nil it leaves its
// loop, called there; with a context it joins that loop, called there. What was
// over-read goes along; handlers do not. EBUSY while an operation, Monitor included, is pending.
// Source: tsocket_set_event_context.
func (s *Stream) SetEventContext(ev *tevent.Context) error {
	switch {
	case s.state != connected:
		return s.wrap("set event context", s.usable())
	case s.busy() || s.monitor != nil || s.isShutting():
		return s.wrap("set event context", syscall.EBUSY)
	case ev == s.ev:
		return nil
	case ev != nil && s.ev != nil:
		return s.wrap("set event context", syscall.EINVAL) // leave one first
	case ev != nil:
		return s.join(ev)
	}
	return s.leave()
}

// leave copies what was over-read out of the context's buffers.
func (s *Stream) leave() error {
	s.tries.end()
	if err := s.ops.Detach(); err != nil {
		return s.wrap("set event context", err)
	}
	rest := append([]byte(nil), s.in.bytes()...)
	s.in.drop()
	s.in.shrink.Cancel()
	s.in.buf, s.in.w = rest, len(rest)
	s.out.flush.Cancel()
	s.out.delist()
	s.held.Release()
	s.ev = nil
	return nil
}

// join puts it into the new context's.
func (s *Stream) join(ev *tevent.Context) error {
	if err := s.ops.Attach(ev); err != nil {
		return s.wrap("set event context", err)
	}
	rest := s.in.bytes()
	s.attached(ev)
	s.in.buf, s.in.r, s.in.w = nil, 0, 0
	if len(rest) > 0 {
		s.in.buf = s.in.pool.Take(len(rest))
		s.in.w = copy(s.in.buf, rest)
	}
	s.readv, s.peek, s.tries, s.out.queued = nil, nil, nil, nil // those belong to the other loop
	return nil
}
