//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package backend

// Names are the backends of this system, the best first.
func Names() []string { return []string{"poll"} }

// Open makes the backend called name.
func Open(name string) (System, error) {
	if name == "poll" {
		return openPoll()
	}
	return System{}, unknown(name)
}

// Best makes the first of Names. Nothing takes over from poll.
func Best(func(error)) (System, error) { return openPoll() }
