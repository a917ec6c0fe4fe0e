package oracle

import (
	"fmt"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Descriptors judges calls: none is made on a descriptor that is not open, and
// none is closed twice.
type Descriptors struct {
	told map[*sim.Proc]bool
}

// Saw implements sim.Oracle.
func (d *Descriptors) Saw(e *sim.Event) error {
	calls, closes := e.Proc.Misuse()
	if calls+closes == 0 || d.told[e.Proc] {
		return nil
	}
	if d.told == nil {
		d.told = map[*sim.Proc]bool{}
	}
	d.told[e.Proc] = true
	return fmt.Errorf("%v made %d calls on descriptors that are not open, and closed %d twice: %v", e.Proc, calls, closes, e)
}
