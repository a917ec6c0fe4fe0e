package sim_test

import (
	"flag"
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

var tortured = flag.Int("torture", 40, "how many calls of each kind TestTorture lets fail")

// mistakes are what only a wrong argument causes: the loop fails then, or the
// listener, and with it the program.
var mistakes = []syscall.Errno{syscall.EBADF, syscall.EFAULT, syscall.EINVAL, syscall.ENOTSOCK, syscall.EOPNOTSUPP}

// TestTorture lets each call of a run fail in each way its manual page knows,
// once and for ever: whatever it is, nothing is lost or left, and when it is
// over the next client is served.
func TestTorture(t *testing.T) {
	most := max(*tortured/scale/scale, 1)
	for name, unix := range map[string]bool{"tcp": false, "unix": true} {
		t.Run(name, func(t *testing.T) {
			seed, calls := quiet(unix)
			plans := make(chan sim.Plan)
			var cores sync.WaitGroup
			for range 2 {
				cores.Go(func() {
					for plan := range plans {
						if err := play(seed, plan, nil).err; err != nil {
							t.Errorf("seed=%d: %v\nwith the plan %v", seed, err, plan)
						}
					}
				})
			}
			n := 0
			for plan := range sim.Enumerate(calls, most) {
				if slices.Contains(mistakes, plan[0].Errno) {
					continue
				}
				plans <- plan
				n++
			}
			close(plans)
			cores.Wait()
			t.Logf("%d ways of failing", n)
			if n < 100 {
				t.Errorf("only %d ways of failing were found in %v", n, calls)
			}
		})
	}
}

// quiet is the seed of a world over unix sockets, or without them, and what is
// called there when nothing goes wrong.
func quiet(unix bool) (seed uint64, calls []sim.Calls) {
	for seed = 1; ; seed++ {
		if o := play(seed, nil, nil); o.unix == unix && o.err == nil {
			return seed, o.calls
		}
	}
}
