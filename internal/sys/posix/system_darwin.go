package posix

import "golang.org/x/sys/unix"

const (
	sendFlags = unix.MSG_DONTWAIT

	soLinger = unix.SO_LINGER_SEC // SO_LINGER counts in ticks

	peerClose  = 0
	hangupOnly = false // POLLHUP beside POLLIN is the end of reading alone
)

// silence keeps fd from raising SIGPIPE.
func silence(fd int) error { return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_NOSIGPIPE, 1) }
