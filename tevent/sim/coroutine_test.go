//go:build unix

package sim_test

import (
	"iter"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tsocket"
)

// A process may have coroutines of its own, as a handshake has; others run in
// the middle of them too.
func TestCoroutinesOfProcessesAreLeftInTheirMiddle(t *testing.T) {
	for seed := range uint64(64) {
		w := sim.New(seed)
		addr, _ := tsocket.ParseAddress("10.0.0.1:7")
		h := w.Host("10.0.0.1")
		h.Go("server", func(ev *tevent.Context) { echoOne(ev, addr) })
		var err error
		h.Go("client", func(ev *tevent.Context) {
			_, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Second))
			next, stop := iter.Pull(func(yield func(int) bool) {
				for i := 0; i < 2 && yield(i); i++ {
					err = sayTen(ev, addr) // it sleeps in there
				}
			})
			defer stop()
			for _, more := next(); more; _, more = next() {
			}
		})
		if werr := w.RunFor(2 * time.Second); werr != nil {
			t.Fatal(werr)
		}
		if seed%2 == 0 {
			w.Close() // in the middle of it
			continue
		}
		run(t, w)
		if err == nil {
			t.Error("the second conversation found a server")
		}
		w.Close()
	}
}
