package tsocket

import "fmt"

// progress is how far a step of a connection has come, in two bits: the high
// one says that it is still to be completed, the low one that it was started.
//
//	00  not desired, not performed
//	10  desired, not started
//	11  desired, started but not completed
//	01  desired, started and completed
//
// A step that has failed stays at 11, so that one sees which it was.
type progress uint8

const (
	undesired progress = 0b00
	desired   progress = 0b10
	started   progress = 0b11
	completed progress = 0b01
)

// isDesired reports whether the step was ever asked for.
func (p progress) isDesired() bool { return p != 0 }

// isStarted reports whether there is something to give back.
func (p progress) isStarted() bool { return p&0b01 != 0 }

// isPending reports whether the step is not completed.
func (p progress) isPending() bool { return p&0b10 != 0 }

// String is the two bits.
func (p progress) String() string { return fmt.Sprintf("%02b", uint8(p)) }

func (p *progress) want()     { p.move(desired, undesired) }
func (p *progress) drop()     { p.move(undesired, desired) }
func (p *progress) start()    { p.move(started, desired) }
func (p *progress) complete() { p.move(completed, started) }

// free gives back what was started, whether or not it was completed.
func (p *progress) free() { p.move(undesired, started, completed) }

func (p *progress) move(to progress, from ...progress) {
	for _, f := range from {
		if *p == f {
			*p = to
			return
		}
	}
	panic(fmt.Sprintf("tsocket: a step of a connection goes from %v to %v", *p, to))
}
