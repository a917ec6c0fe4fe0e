//go:build unix

package sys

import "golang.org/x/sys/unix"

// Options of a socket that package syscall does not have on every system.
const (
	SoError      = unix.SO_ERROR
	SoType       = unix.SO_TYPE
	SoAcceptConn = unix.SO_ACCEPTCONN
)

// SigStop is the signal that nobody catches, beside SIGKILL.
const SigStop = unix.SIGSTOP
