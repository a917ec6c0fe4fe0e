package sys

import "golang.org/x/sys/unix"

// What these are called differs from system to system.
const (
	SoReusePort     = unix.SO_REUSEPORT // listeners of one address; who gets a connection is not said
	TCPKeepIdle     = -1                // there is none: setting it fails
	TCPKeepInterval = -2
	TCPKeepCount    = -3
	TCPUserTimeout  = -4 // there is none
	UDPSegment      = -3
	UDPGRO          = -4
)
