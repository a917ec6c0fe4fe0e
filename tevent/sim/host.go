package sim

import (
	"fmt"
	"strings"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/internal/kernel"
)

// Host is one machine of a world: its processes share addresses, ports, file
// names and abstract names.
type Host struct {
	world *World
	net   *kernel.Host
}

// Go starts a process that runs main on an event context of its own. When main
// returns, the process runs what is left of its loop, closes the context and
// exits; descriptors that are open then are closed by the kernel. A panic of main ends the run of
// the world with an error; runtime.Goexit, such as that of t.FailNow, goes on
// in the goroutine that runs the world.
func (h *Host) Go(name string, main func(ev *tevent.Context)) *Proc {
	return h.world.spawn(h, name, main)
}

// String is the host's addresses.
func (h *Host) String() string {
	var list []string
	for _, a := range h.net.Addrs() {
		list = append(list, a.String())
	}
	return strings.Join(list, ",")
}

// Identity is what HostID of the contexts on this host returns.
func (h *Host) Identity() string { return h.net.Identity() }

var _ fmt.Stringer = (*Host)(nil)
