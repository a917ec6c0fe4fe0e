//go:build unix

package tsocket_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// The suite over simulated sockets: each subtest in a world of its own, whose seed
// it prints if it fails.

func TestStreamOverSimulatedTCP(t *testing.T)  { simulated(t, "10.0.0.1:0") }
func TestStreamOverSimulatedTCP6(t *testing.T) { simulated(t, "[::]:0") }
func TestStreamOverSimulatedUnix(t *testing.T) { simulated(t, "unix:/run/s") }

func TestStreamOverSimulatedSocketpair(t *testing.T) {
	tsockettest.StreamSuiteIn(t, simtest.Run, socketpair)
}

func simulated(t *testing.T, addr string) {
	tsockettest.StreamSuiteIn(t, simtest.Run, func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		return connected(t, ev, address(t, addr))
	})
}
