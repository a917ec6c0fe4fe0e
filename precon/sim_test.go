package precon_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// The same over simulated sockets, each round in a world of its own. Time costs
// nothing there, so that some scripts are too slow for the others.
func TestRandomRoundsInWorldsEndAlike(t *testing.T) {
	addrs := []string{"10.0.0.1:0", "unix:/run/s", "[fd00::1]:0", "unix:@s"}
	for i := range 1000 {
		if t.Failed() {
			return
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			simtest.Run(t, func(t testing.TB, ev *tevent.Context) {
				chance := ev.Rand()
				r := throw{slow: time.Duration(1+chance.IntN(80)) * time.Millisecond, pair: tsocket.Socketpair}
				r.draw(chance)
				r.playOn(t, ev, addrs[i%len(addrs)])
				idle(t, ev)
				if t.Failed() {
					t.Log(r)
				}
			})
		})
	}
}
