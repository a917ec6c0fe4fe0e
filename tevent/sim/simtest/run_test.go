package simtest_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCleanupsRunInTheProcessTheYoungestFirst(t *testing.T) {
	var order []int
	simtest.Run(t, func(t testing.TB, ev *tevent.Context) {
		held := ev.Hold(tevent.KindFD, "the test's") // the world objects if it stays
		t.Cleanup(func() { order = append(order, 1); held.Release() })
		t.Cleanup(func() {
			order = append(order, 2)
			if _, err := tevent.Wait(ev, tevent.Sleep(ev, time.Hour)); err != nil {
				t.Error(err)
			}
		})
	})
	if len(order) != 2 || order[0] != 2 || order[1] != 1 {
		t.Errorf("they ran as %v", order)
	}
}
