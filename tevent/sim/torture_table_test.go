//go:build unix

package sim_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

var (
	deep  = flag.Int("deep", 4, "of how many calls of each kind TestTortureTable lets every operation fail")
	paces = flag.Uint64("paces", 2, "in how many worlds TestTortureTable does so")
	show  = flag.String("cell", "", "show this cell of TestTortureTable only, OPERATION: FAULT, with its log; -seed is its world")
)

// TestTortureTable lets each call that an operation makes fail, in each way that
// its manual page knows, once and for ever, and transfers fall short; each in a
// world of its own. What comes of it is in the table errno → result; and the bytes
// that arrive are the first of those that were sent, no oracle objects, nothing is
// left, and when the fault is over the operation works.
func TestTortureTable(t *testing.T) {
	if *show != "" {
		showCell(t)
		return
	}
	worlds := max(*paces/scale, 1)
	var ran, fired int
	for _, op := range operations() {
		t.Run(op.Name, func(t *testing.T) {
			for seed := range worlds {
				cells, hit := torture(t, op, 1+seed)
				ran += cells
				fired += hit
			}
		})
	}
	t.Logf("cells run = %d, cells in which the fault fired = %d", ran, fired)
	if ran != fired || ran < 1000*int(worlds) {
		t.Errorf("%d cells ran, the fault fired in %d", ran, fired)
	}
}

// torture runs all cells of one operation on two cores.
func torture(t *testing.T, op operation, seed uint64) (ran, fired int) {
	quiet := enact(op, seed, nil, nil)
	if err := quiet.failed(); err != nil {
		t.Fatalf("without a fault: %v", err)
	}
	var cores sync.WaitGroup
	var mu sync.Mutex
	plans := make(chan sim.Plan)
	for range 2 {
		cores.Go(func() {
			for plan := range plans {
				g := enact(op, seed, plan, nil)
				mu.Lock()
				ran++
				if g.hit {
					fired++
				}
				mu.Unlock()
				if err := g.failed(); err != nil {
					where := fmt.Sprintf("%s: %v", op.Name, plan[0])
					t.Errorf("%s\n%v\nreplay with: go test ./tevent/sim -run '^TestTortureTable$' -cell='%s' -seed=%d", where, err, where, seed)
				}
			}
		})
	}
	for plan := range sim.Enumerate(quiet.made, max(*deep/scale, 1)) {
		plans <- plan
	}
	close(plans)
	cores.Wait()
	return ran, fired
}

// showCell plays one cell with its log.
func showCell(t *testing.T) {
	name, text, _ := strings.Cut(*show, ": ")
	plan, err := sim.ParsePlan(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range operations() {
		if op.Name == name {
			if err := enact(op, max(*seedFlag, 1), plan, os.Stdout).failed(); err != nil {
				t.Error(err)
			}
			return
		}
	}
	t.Errorf("no operation is called %q", name)
}
