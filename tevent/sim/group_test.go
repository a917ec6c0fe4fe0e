package sim_test

import (
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Each loop is a process here: a group inside of one is refused, with a
// sentence that says what to do.
func TestGroupInsideOfAProcessIsRefused(t *testing.T) {
	w := sim.New(1)
	defer w.Close()
	w.Host("10.0.0.1").Go("group", func(ev *tevent.Context) {
		g := tevent.NewGroupOn(1, func(int) (*tevent.Context, error) { return ev, nil })
		_ = g.Run(t.Context())
	})
	if err := w.Run(); err == nil || !strings.Contains(err.Error(), "start it with Host.Go") {
		t.Fatal(err)
	}
}
