//go:build linux

package fidelity

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// machine is one of the two kernels, as a run sees it.
type machine struct {
	name   string
	kernel sys.Kernel
	poller func() (sys.Poller, error) // a new one
	settle func(open []int)           // returns when the network has come to rest; open are the run's descriptors
	pause  func()                     // lets timers of the network go on
	left   func() string              // what the run has left open, "" if nothing
	dir    string                     // where the files of unix sockets go
	prefix string                     // of abstract names, so that runs do not share them
	free   uint16                     // a port that nobody has
	cred   sys.Cred                   // who the run is
}

// kind makes machines. A machine serves one run.
type kind func(t testing.TB) machine
