package machine

import "github.com/tsocket-go/tsocket/precon/internal/wire"

// Event is something that happened on our side. None has a form on the wire.
type Event interface{ event() }

// HalfDone tells that our half is ready and its path waits to be opened. Late
// ones, of a half already cancelled, are ignored.
type HalfDone struct {
	Attempt uint32
	Secret  []byte // shared by both halves, confirms the transcript; nil without one
}

// HalfFailed tells that our half gave up. Late ones are ignored. HalfReleased
// still follows.
type HalfFailed struct {
	Attempt uint32
	Reason  wire.Reason // zero means [wire.Failed]; [wire.Order] is not a half's to give
	Text    string      // shortened to [wire.MaxText] bytes
}

// HalfReleased tells that nothing of a cancelled or failed half is left.
type HalfReleased struct{ Attempt uint32 }

// Expired tells that the armed timer ran out. One that is no longer armed is
// ignored.
type Expired struct{ Timer Timer }

// Deadline tells that the time of the whole negotiation is over.
type Deadline struct{}

// Abort ends the negotiation for a reason of ours, such as [wire.Policy] or
// [wire.NeedTLS]; zero means [wire.Cancelled]. In Ending it cuts the wait for the peer short.
type Abort struct {
	Reason wire.Reason
	Text   string // shortened to [wire.MaxText] bytes
}

// FIN tells that the peer ended the bootstrap's bytes between two frames or
// inside one.
type FIN struct{}

// ReadError tells that the bootstrap broke.
type ReadError struct{ Err error }

// Malformed tells that [wire.ParseHeader] refused a header. Nothing more is
// read from this peer but to be dropped.
type Malformed struct{ Err error }

func (HalfDone) event()     {}
func (HalfFailed) event()   {}
func (HalfReleased) event() {}
func (Expired) event()      {}
func (Deadline) event()     {}
func (Abort) event()        {}
func (FIN) event()          {}
func (ReadError) event()    {}
func (Malformed) event()    {}
