package backendtest

import (
	"os"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
)

// inSim runs body as a process of a world of its own, whose seed a failure
// prints.
func inSim(t *testing.T, body func(ev *tevent.Context, raise func(os.Signal))) {
	w := sim.Test(t)
	var p *sim.Proc
	returned := false
	p = w.Host("10.0.0.1").Go("body", func(ev *tevent.Context) {
		body(ev, func(sig os.Signal) { p.Signal(sig) })
		returned = true
	})
	switch err := w.Run(); {
	case err != nil:
		t.Error(err)
	case !returned:
		t.Error("the body was killed")
	}
}
