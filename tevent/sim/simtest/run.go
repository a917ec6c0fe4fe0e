// Package simtest runs tests that were written for one event context in
// simulated worlds.
package simtest

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
)

// Run runs body in a process of a world of its own, under every oracle that needs
// to know nothing of it: at the end nothing may be left. The host has the
// addresses 10.0.0.1 and fd00::1. Cleanup functions of the t that body gets run at
// its end, in the process; what holds for processes holds for body. The seed is that
// of sim.Seed.
func Run(t *testing.T, body func(t testing.TB, ev *tevent.Context)) {
	t.Helper()
	w := sim.Test(t)
	w.Watch(oracle.All()...)
	w.Host("10.0.0.1", "fd00::1").Go("test", func(ev *tevent.Context) {
		in := &inside{TB: t}
		defer in.end()
		body(in, ev)
	})
	if err := w.Run(); err != nil {
		t.Error(err)
	}
}

// inside is a test whose cleanups run where it does.
type inside struct {
	testing.TB
	cleanups []func()
}

// Cleanup has f run at the end of the process.
func (t *inside) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

// end runs the cleanups, the youngest first, also after FailNow.
func (t *inside) end() {
	for n := len(t.cleanups); n > 0; n = len(t.cleanups) {
		f := t.cleanups[n-1]
		t.cleanups = t.cleanups[:n-1]
		f()
	}
}
