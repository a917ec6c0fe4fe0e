//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package backendtest

// systems are those of this port, the best one first.
func systems() []system {
	return []system{{"poll", onPoll}, {"sim", inSim}}
}
