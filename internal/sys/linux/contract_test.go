//go:build linux

package linux

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/systest"
)

func TestContract(t *testing.T) {
	systest.Run(t, systest.System{
		Kernel:        func() sys.Kernel { return NewKernel() },
		Poller:        func(k sys.Kernel) (sys.Poller, error) { return NewPoller(k.(*Kernel)) },
		Host:          func(workers int) sys.Host { return NewHost(workers) },
		Asleep:        func(p sys.Poller) bool { return p.(*Poller).state.Load() == asleep },
		AbstractNames: true,
		WholeNames:    true,
	})
}
