package machine

import "github.com/tsocket-go/tsocket/precon/internal/wire"

// Action is one thing the shell has to do; the types below are all of them.
type Action interface{ action() }

// Send queues one frame on the bootstrap.
type Send struct{ Frame wire.Frame }

// Met tells that the peer's CON_INFO was accepted: [Machine.Peer],
// [Machine.Version] and [Machine.Ladder] are known from here on. The passive
// side now drops what it holds under the same connection id.
type Met struct{}

// BeginHalf starts our half of an attempt in a later turn of the loop. Answered
// by HalfDone or HalfFailed, and by HalfReleased unless Open follows.
type BeginHalf struct {
	Attempt uint32
	Rung    Rung
}

// CancelHalf cancels a half that runs, or closes the unopened path of one that
// is done. Answered by HalfReleased.
type CancelHalf struct {
	Attempt uint32
	Cause   error // a *[Trial] if only this attempt is over, else the *[Fault]
}

// Deliver hands a STEP's data to our half; the half may have done its part, so
// the data wait until it asks. At most [wire.MaxSteps] and [wire.MaxAttempt]
// bytes in one attempt. Data is the receiver's to keep.
type Deliver struct {
	Attempt uint32
	Data    []byte
}

// Arm starts a timer in place of the one that runs; see [Arm.Duration].
type Arm struct {
	Timer Timer
	Rungs int // untried rungs, the running one included; at least 1
}

// Disarm stops the timer.
type Disarm struct{}

// Open is the commit: both verdicts are OK and our EOF is queued. The path is
// opened for writing and the connection established; reading waits for Handover. In
// place, what is written now follows EOF on the bootstrap.
type Open struct {
	Attempt uint32
	Rung    Rung
}

// Handover tells that the peer's EOF was verified: reading the path may begin, and
// bytes behind EOF in place are the path's. The bootstrap is the shell's again.
type Handover struct{}

// ShutWrite shuts the bootstrap's write side behind all queued frames.
type ShutWrite struct{}

// Close closes the bootstrap. Reset drops what is queued and resets the
// connection, so that the peer cannot take a cut stream for a complete one.
type Close struct{ Reset bool }

// Loop is the last action of a passive machine whose peer is our own Dial with
// this connection id: the dial's machine is discarded and arch/self serves both.
type Loop struct{ Conn wire.ID }

// Report is the last action of a failed machine: bootstrap closed, half released.
// After Open it is the connection that failed, not the negotiation.
type Report struct{ Fault *Fault }

func (Send) action()       {}
func (Met) action()        {}
func (BeginHalf) action()  {}
func (CancelHalf) action() {}
func (Deliver) action()    {}
func (Arm) action()        {}
func (Disarm) action()     {}
func (Open) action()       {}
func (Handover) action()   {}
func (ShutWrite) action()  {}
func (Close) action()      {}
func (Loop) action()       {}
func (Report) action()     {}
