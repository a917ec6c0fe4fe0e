package oracle

import (
	"fmt"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Descriptors judges calls: none is made on a descriptor that is not open, none
// is closed twice, and none while it is registered for events.
type Descriptors struct {
	told map[*sim.Proc]bool
}

// Saw implements sim.Oracle.
func (d *Descriptors) Saw(e *sim.Event) error {
	m := e.Proc.Misuse()
	if m == (sim.Misuse{}) || d.told[e.Proc] {
		return nil
	}
	if d.told == nil {
		d.told = map[*sim.Proc]bool{}
	}
	d.told[e.Proc] = true
	return fmt.Errorf("%v made %d calls on descriptors that are not open, closed %d twice, and %d that it still watches: %v",
		e.Proc, m.Calls, m.Closes, m.Watched, e)
}
