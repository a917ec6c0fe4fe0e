package machine

import (
	"fmt"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// Kind says who or what ended a negotiation.
type Kind uint8

// The kinds.
const (
	Ours     Kind = iota // we did, for Fault.Reason; sent as FAIL where one could be sent
	Theirs               // the peer's FAIL, with its Reason, Text and Tried
	Closed               // FIN before EOF
	Lost                 // Fault.Err broke the bootstrap
	Stranger             // the peer does not begin as one of us
	Mirror               // the peer's frames are our own, reflected
)

// Fault is how a negotiation failed. Immutable once reported.
type Fault struct {
	Kind    Kind
	Reason  wire.Reason    // zero for Closed, Lost, Stranger and Mirror
	Text    string         // may be the peer's: quote it before printing
	Tried   []wire.Refusal // archs tried or refused, in order, as the side that ended it saw them
	Err     error          // what the system said; nil unless Lost
	State   State          // where we stood
	Attempt uint32         // the running or last attempt, 0 before the first
	Heard   bool           // the peer had given a verdict, so a new bootstrap must not repeat this one
	Open    bool           // the path was open: the Conn fails, with this error on its first read and write
	Mine    wire.Range     // versions we speak
	Peer    wire.Range     // versions the peer speaks, zero until its VERSION was read
}

// Error returns the fault in one line; texts are quoted.
func (f *Fault) Error() string {
	s := ""
	switch f.Kind {
	case Ours:
		s = f.Reason.String()
	case Theirs:
		s = "peer: " + f.Reason.String()
	case Closed:
		s = "peer closed"
	case Lost:
		s = "connection lost: " + f.Err.Error()
	case Stranger:
		s = "peer does not speak this protocol"
	case Mirror:
		s = "our own frames came back"
	}
	if f.Reason == wire.Version {
		s += fmt.Sprintf(" (%d to %d, peer %d to %d)", f.Mine.Lo, f.Mine.Hi, f.Peer.Lo, f.Peer.Hi)
	}
	if f.Text != "" {
		s += fmt.Sprintf(": %q", f.Text)
	}
	return fmt.Sprintf("%s (in %v, attempt %d)", s, f.State, f.Attempt)
}

// Unwrap returns Err.
func (f *Fault) Unwrap() error { return f.Err }
