//go:build linux

package fidelity

import (
	"fmt"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent/sim/internal/kernel"
)

// awake is the scheduler of a process that never sleeps: every Wait only looks.
type awake struct{ t testing.TB }

func (a awake) Park(*kernel.Proc, int64) { a.t.Fatal("a look sleeps") }

// newSim is the simulated kernel with nothing left to chance: calls and
// packets take no time.
func newSim(t testing.TB) kind {
	return func(testing.TB) machine {
		n := kernel.New(1)
		n.CallCost = 0
		n.Limits.First, n.Limits.Last = 32768, 60999
		n.Limits.SendBuf, n.Limits.RecvBuf = defaultBuf, defaultBuf
		h := n.Host()
		n.Link(h, h).Latency = kernel.Range{}
		p := h.Proc("fidelity", awake{t})
		return machine{
			name:   "simulated",
			kernel: p,
			poller: func() (sys.Poller, error) { return p.Poller(), nil },
			settle: func([]int) { n.Advance(n.Now()) },
			pause:  func() { n.Advance(n.Now() + int64(time.Millisecond)) },
			left:   func() string { return held(p) },
			free:   firstFree,
			cred:   p.Cred,
			dir:    "/var/tmp/fidelity/simulated",
			prefix: "@/var/tmp/fidelity/simulated/",
		}
	}
}

// held is what p has open.
func held(p *kernel.Proc) string {
	if open, maps := p.Open(), p.Mapped(); len(open) > 0 || maps > 0 {
		return fmt.Sprintf("%v, %d mappings", open, maps)
	}
	return ""
}

// defaultBuf is what Linux gives sockets of the unix family (net.core.wmem_default).
const defaultBuf = 212992

// firstFree is not an ephemeral port.
const firstFree = 5000
