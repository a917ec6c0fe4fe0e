package tsocket

import "syscall"

// ShutStep is a step of the end of a stream.
type ShutStep uint8

const (
	// ShutRead means that nothing more is read.
	ShutRead ShutStep = iota
	// ShutWrite ends the direction to the peer, behind what was written.
	ShutWrite
	// ShutClose is for what has to be said before Close. Both directions are
	// over, or given up.
	ShutClose
)

// String is the step's name, such as "shutw".
func (x ShutStep) String() string { return [...]string{"shutr", "shutw", "close"}[x] }

// Shut is one step of the end that a transport is asked for.
type Shut struct {
	step ShutStep
	to   finisher
}

// finisher is who asked a transport for a step.
type finisher interface {
	finished(err error)
}

// Step tells which step it is.
func (x *Shut) Step() ShutStep { return x.step }

// Finish ends the step: nil when it is done. A second Finish panics.
func (x *Shut) Finish(err error) { x.to.finished(err) }

// ending is a step of a stream's own end.
type ending struct {
	Shut
	s       *Stream
	by      asker // nil when nobody waits for it any more
	asked   bool
	pending bool // with the transport
	done    bool // without an error
}

// asker waits for a step of the end.
type asker interface {
	ended(err error)
}

func (x *ending) finished(err error) {
	if !x.pending {
		panic("tsocket: a step of the end was finished before: " + x.step.String())
	}
	s, by := x.s, x.by
	x.by, x.pending, x.done = nil, false, err == nil
	s.flags |= x.flag(err)
	if e := s.detach(x.step); err == nil {
		err = e
	}
	if by != nil {
		by.ended(err)
	}
}

// flag is what becomes visible outside.
func (x *ending) flag(err error) Flags {
	switch {
	case err != nil:
		return ERR
	case x.step == ShutRead:
		return SHR
	case x.step == ShutWrite:
		return SHW
	}
	return 0
}

// detach gives the transport back after the last step, or when both directions
// were shut; operations find no connection any more.
func (s *Stream) detach(last ShutStep) error {
	switch {
	case last == ShutClose:
		return s.release() // Disconnect has seen to the rest
	case s.state == connected && s.over == nil && s.shuts[ShutRead].done && s.shuts[ShutWrite].done:
		s.state = disconnected
		s.abort(syscall.ENOTCONN)
		return s.release()
	}
	return nil
}

// startShut asks the transport for a step of the end. The step stays with the
// stream when the one who asked is gone.
func (s *Stream) startShut(step ShutStep, by asker) {
	if s.shuts == nil {
		s.shuts = &[3]ending{}
	}
	x := &s.shuts[step]
	*x = ending{Shut: Shut{step, x}, s: s, by: by, asked: true, pending: true}
	s.ops.StartShut(&x.Shut)
}

// unask reports whether by waited for a step, which goes on without it.
func (s *Stream) unask(by asker) bool {
	if s.shuts == nil {
		return false
	}
	for i := range s.shuts {
		if s.shuts[i].by == by {
			s.shuts[i].by = nil
			return true
		}
	}
	return false
}

// askers ends the requests that wait for a step; the steps go on.
func (s *Stream) endAskers(err error) {
	if s.shuts == nil {
		return
	}
	for i := range s.shuts {
		if by := s.shuts[i].by; by != nil {
			s.shuts[i].by = nil
			by.ended(err)
		}
	}
}

// isAsked reports whether a request waits for a step.
func (s *Stream) isAsked() bool {
	return s.shuts != nil && (s.shuts[ShutRead].by != nil || s.shuts[ShutWrite].by != nil)
}

// isShutting reports whether a step is with the transport.
func (s *Stream) isShutting() bool {
	return s.shuts != nil && (s.shuts[ShutRead].pending || s.shuts[ShutWrite].pending)
}
