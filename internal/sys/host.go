package sys

import (
	"net/netip"
	"os"
	"time"
)

// Host is what needs goroutines: signals, blocking work, names, alarms and loops. Its
// methods are safe from any goroutine; the functions given to it run on goroutines
// of the Host, one after the other for each Notify and concurrently for the others.
type Host interface {
	// Notify calls f for each of sigs that the process receives until stop is
	// called; after stop has returned f does not run any more. stop restores
	// the disposition when it was the last watcher.
	Notify(sigs []os.Signal, f func(os.Signal)) (stop func())
	// Go runs f on a bounded pool; beyond the bound it waits its turn.
	Go(f func())
	// After calls f once when d has passed, unless stop was called before; f must not
	// block. stop does not wait for an f that runs.
	After(d time.Duration, f func()) (stop func())
	// Lookup asks for the addresses of a host name: network is "ip4", "ip6" or "ip".
	// It calls f once with the answer, soon after stop if that is called before.
	Lookup(network, host string, f func([]netip.Addr, error)) (stop func())
	// Each runs f(0) to f(n-1), each on a goroutine of its own for as long as it
	// takes, beside those of Go, and returns when all have returned.
	Each(n int, f func(i int))
	// Identity names this host and its network namespace: processes that share
	// both have the same, others hardly ever do. It is a hint, never a proof.
	Identity() string
	// Yield lets other goroutines run.
	Yield()
}
