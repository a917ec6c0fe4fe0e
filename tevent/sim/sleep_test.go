package sim_test

import (
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func sleep(t *testing.T, ev *tevent.Context, d time.Duration) {
	t.Helper()
	if _, err := tevent.Wait(ev, tevent.Sleep(ev, d)); err != nil {
		t.Error(err)
	}
}
