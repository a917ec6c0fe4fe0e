//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package backend

// Names is empty: there is no backend for this system.
func Names() []string { return nil }

// Open fails.
func Open(name string) (System, error) { return System{}, unknown(name) }

// Best fails.
func Best(func(error)) (System, error) { return System{}, unknown("") }
