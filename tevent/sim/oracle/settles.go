package oracle

import (
	"fmt"
	"time"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Settles judges liveness: it ends all faults of w and wants cond within d of
// virtual time. The error tells who waits for what, or the violation that came
// before.
func Settles(w *sim.World, d time.Duration, cond func() bool) error {
	w.Calm()
	late := false
	w.After(d, func() { late = true })
	if err := w.RunUntil(func() bool { return late || cond() }); err != nil {
		return err
	}
	if !cond() {
		return fmt.Errorf("%v after the last fault it has not come to rest: %s", d, w.Situation())
	}
	return nil
}
