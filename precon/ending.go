package precon

import (
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
)

// How a session ends: by a fault that the machine reports, at its deadline,
// withdrawn by its user, or with the context.

// close closes the bootstrap, unless it is the path already: then its user
// finds the fault that is reported next, and his Close resets it.
func (s *session) close(reset bool) {
	if s.conn != nil && s.path == nil {
		return
	}
	s.gate = nil
	if reset {
		s.boot.Abort()
	} else {
		s.boot.Close()
	}
}

// inform tells the client of a fault as soon as nothing of our half is left, or
// the time is over: that the peer reads the reason takes longer.
func (s *session) inform() {
	f := s.m.Fault()
	if f != nil && (s.late || s.half == nil && f.Kind == machine.Ours) {
		s.tell(f)
	}
}

// tell is the client's outcome, unless he has a connection.
func (s *session) tell(f *machine.Fault) {
	if !s.told && s.conn == nil {
		s.told = true
		s.client.failed(s, f)
	}
}

// report is the end of a negotiation that failed.
func (s *session) report(f *machine.Fault) {
	err := s.fault(f)
	switch {
	case s.conn == nil:
		s.tell(f)
	case s.path != nil:
		s.path.Fail(err)
	default:
		s.gate.Fail(err)
	}
	s.finish()
}

func (s *session) fault(f *machine.Fault) *Error {
	return &Error{
		Remote: s.boot.RemoteAddr(), Reason: f.Reason, Text: f.Text,
		ByPeer: f.Kind == machine.Theirs, Plan: s.plan(""), fault: f,
	}
}

// expired is the end of the negotiation's time. A half that does not let go
// when it was asked to gets another second.
func (s *session) expired() {
	s.late = true
	s.event(machine.Deadline{})
	if s.InProgress() {
		s.deadline.Init(s.ev, s.forsake)
		s.deadline.Reset(time.Second)
	}
}

// forsake ends what is left behind the deadline.
func (s *session) forsake() {
	s.event(machine.Abort{})
	if s.half != nil {
		s.half.forsake()
	}
}

// kill is the end of the context: nothing is said to the peer any more, and
// what is not the user's is closed.
func (s *session) kill(cause error) bool {
	s.timer.Stop()
	s.deadline.Stop()
	if s.half != nil {
		s.half.drop()
	}
	if s.conn == nil || s.path != nil {
		s.boot.Abort()
	}
	return s.Fail(cause)
}

// abort ends the negotiation for the user; the peer is told.
func (s *session) abort(reason Reason) { s.event(machine.Abort{Reason: reason}) }

// withdraw is abort by a listener that closes: what is up stays, and who reads a
// reason already gets his time.
func (s *session) withdraw() {
	if s.conn == nil && s.m.State() != machine.Ending {
		s.abort(wire.Cancelled)
	}
}

// finish lets go of the bootstrap's last things.
func (s *session) finish() {
	s.timer.Stop()
	s.deadline.Stop()
	s.ep.left(s)
	if s.InProgress() {
		s.Done(tevent.None{})
		s.client.over(s)
	}
}
