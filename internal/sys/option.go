//go:build unix

package sys

import "golang.org/x/sys/unix"

// Options of a socket that package syscall does not have on every system.
const (
	SoError      = unix.SO_ERROR
	SoType       = unix.SO_TYPE
	SoAcceptConn = unix.SO_ACCEPTCONN
)

// Signals that package syscall does not have on every system.
const (
	SigStop = unix.SIGSTOP // nobody catches it
	SigCont = unix.SIGCONT
)
