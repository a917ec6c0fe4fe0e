//go:build dragonfly || netbsd

package sys

import "golang.org/x/sys/unix"

// What these are called differs from system to system.
const (
	SoReusePort     = unix.SO_REUSEPORT // listeners of one address; who gets a connection is not said
	TCPKeepIdle     = unix.TCP_KEEPIDLE // seconds
	TCPKeepInterval = unix.TCP_KEEPINTVL
	TCPKeepCount    = unix.TCP_KEEPCNT
	TCPUserTimeout  = -4 // there is none
	UDPSegment      = -1 // there is none: asking for it fails
	UDPGRO          = -2
)
