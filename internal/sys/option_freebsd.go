package sys

import "golang.org/x/sys/unix"

// What these are called differs from system to system.
const (
	SoReusePort     = unix.SO_REUSEPORT_LB // listeners of one address share its connections
	TCPKeepIdle     = unix.TCP_KEEPIDLE    // seconds
	TCPKeepInterval = unix.TCP_KEEPINTVL
	UDPSegment      = -1 // there is none: asking for it fails
	UDPGRO          = -2
)
