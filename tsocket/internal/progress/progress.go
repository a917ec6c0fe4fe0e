// Package progress holds the two-bit code of a connection's steps.
package progress

import "fmt"

// Bits are how far a step of a connection has come: the high one says that it is
// still to be completed, the low one that it was started. A step that has failed
// stays at 11, so that one sees which it was.
type Bits uint8

// The states of a step.
const (
	Undesired Bits = 0b00 // not desired, not performed
	Desired   Bits = 0b10 // desired, not started
	Started   Bits = 0b11 // desired, started but not completed
	Completed Bits = 0b01 // desired, started and completed
)

// IsDesired reports whether the step was ever asked for.
func (p Bits) IsDesired() bool { return p != 0 }

// IsStarted reports whether there is something to give back.
func (p Bits) IsStarted() bool { return p&0b01 != 0 }

// IsPending reports whether the step is not completed.
func (p Bits) IsPending() bool { return p&0b10 != 0 }

// String is the two bits.
func (p Bits) String() string { return fmt.Sprintf("%02b", uint8(p)) }

// Want asks for the step.
func (p *Bits) Want() { p.move(Desired, Undesired) }

// Drop takes back the wish, before the step is started.
func (p *Bits) Drop() { p.move(Undesired, Desired) }

// Start begins what is desired.
func (p *Bits) Start() { p.move(Started, Desired) }

// Complete ends what was started.
func (p *Bits) Complete() { p.move(Completed, Started) }

// Free gives back what was started, whether or not it was completed.
func (p *Bits) Free() { p.move(Undesired, Started, Completed) }

// move panics when the step is at none of from: the connection has lost count.
func (p *Bits) move(to Bits, from ...Bits) {
	for _, f := range from {
		if *p == f {
			*p = to
			return
		}
	}
	panic(fmt.Sprintf("tsocket: a step of a connection goes from %v to %v", *p, to))
}
