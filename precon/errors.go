package precon

import (
	"context"
	"errors"
	"fmt"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// What a negotiation can end with; errors.Is finds them in an *Error.
var (
	// ErrNoCommonPath: no arch that both offer came up.
	ErrNoCommonPath = errors.New("precon: no common path")
	// ErrVersion: the two speak no common version.
	ErrVersion = errors.New("precon: no common version")
	// ErrPeerClosed: the peer closed or lost the bootstrap.
	ErrPeerClosed = errors.New("precon: peer closed")
	// ErrStranger: the peer does not speak this protocol.
	ErrStranger = errors.New("precon: peer does not speak this protocol")
	// ErrMirror: the peer sends our own frames back.
	ErrMirror = errors.New("precon: reflected by the peer")
	// ErrPolicy: a policy forbids the connection.
	ErrPolicy = errors.New("precon: forbidden by policy")
	// ErrProtocol: a side broke the protocol.
	ErrProtocol = errors.New("precon: protocol error")
	// ErrSameID: the peer has our own id, and it is no dial of ours.
	ErrSameID = errors.New("precon: peer has our id")
	// ErrNeedTLS: the peer demands TLS.
	ErrNeedTLS = errors.New("precon: TLS is demanded")
	// ErrConfirm: the two sides saw different negotiations.
	ErrConfirm = errors.New("precon: transcripts differ")
)

// What a Channel can fail with.
var (
	// ErrHalfOver: this side has given its verdict, or the attempt is over.
	ErrHalfOver = machine.ErrHalfOver
	// ErrStepLimit: more or larger steps than an attempt may have.
	ErrStepLimit = machine.ErrStepLimit
)

// Error is a negotiation that ended without a path, or whose path failed before
// the peer confirmed it.
type Error struct {
	Remote tsocket.Address // the bootstrap's peer
	Reason Reason          // 0 when the bootstrap ended without one
	Text   string          // may be the peer's: quote it before printing
	ByPeer bool            // the peer told the reason
	Plan   Plan            // what was tried until then
	fault  *machine.Fault
}

// Error is one line; texts of the peer are quoted.
func (e *Error) Error() string {
	s := "precon: "
	if e.Remote.IsValid() {
		s += e.Remote.String() + ": "
	}
	s += e.fault.Error()
	for _, l := range e.Plan.Lines {
		if l.Result == Refused {
			s += fmt.Sprintf("; %s: %s", l.Arch, l.why())
		}
	}
	return s
}

// Timeout reports whether a time-out ended it, on either side.
func (e *Error) Timeout() bool { return e.Reason == wire.Timeout }

// Unwrap lists the sentinel and what the system said.
func (e *Error) Unwrap() []error {
	errs := []error{sentinel(e.fault)}
	if e.fault.Err != nil {
		errs = append(errs, e.fault.Err)
	}
	return errs
}

// sentinel is the error a fault stands for.
func sentinel(f *machine.Fault) error {
	switch f.Kind {
	case machine.Closed, machine.Lost:
		return ErrPeerClosed
	case machine.Stranger:
		return ErrStranger
	case machine.Mirror:
		return ErrMirror
	}
	switch f.Reason {
	case wire.NoPath:
		return ErrNoCommonPath
	case wire.Version:
		return ErrVersion
	case wire.Timeout:
		return tevent.ErrDeadline
	case wire.Cancelled:
		return context.Canceled
	case wire.Policy:
		return ErrPolicy
	case wire.SameID:
		return ErrSameID
	case wire.NeedTLS:
		return ErrNeedTLS
	case wire.Confirm:
		return ErrConfirm
	}
	return ErrProtocol
}
