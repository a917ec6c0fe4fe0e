//go:build dragonfly || netbsd || openbsd

package posix

import "golang.org/x/sys/unix"

const (
	sendFlags = unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL

	soLinger = unix.SO_LINGER

	peerClose  = 0
	hangupOnly = true
)

// silence has nothing to do: sendFlags keep SIGPIPE away.
func silence(int) error { return nil }
