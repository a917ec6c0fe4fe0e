//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// System makes what the tests look at.
type System struct {
	Kernel func() sys.Kernel
	Poller func(sys.Kernel) (sys.Poller, error)
	Host   func(workers int) sys.Host
	// Asleep tells, on any goroutine, whether a Wait of the Poller sleeps or is
	// about to, so that a Wake has to do something.
	Asleep func(sys.Poller) bool

	AbstractNames bool // unix sockets have them
	WholeNames    bool // they may fill sun_path and have NULs inside
}

// Run runs all tests, as subtests of t named after what they promise.
func Run(t *testing.T, on System) {
	for _, g := range []struct {
		name string
		run  func(t *testing.T, on System)
	}{
		{"Sockets", sockets}, {"Addresses", addresses}, {"Transfers", transfers}, {"Files", files},
		{"Edges", edges}, {"Levels", levels}, {"Sleep", sleeps}, {"Host", hosts},
	} {
		t.Run(g.name, func(t *testing.T) { g.run(t, on) })
	}
}

// tests are the promises of one group.
type tests []struct {
	name string
	test func(*testing.T)
}

func (all tests) run(t *testing.T) {
	for _, c := range all {
		t.Run(c.name, c.test)
	}
}
