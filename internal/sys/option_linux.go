package sys

import "golang.org/x/sys/unix"

// What these are called differs from system to system.
const (
	SoReusePort     = unix.SO_REUSEPORT // listeners of one address share its connections
	TCPKeepIdle     = unix.TCP_KEEPIDLE // seconds
	TCPKeepInterval = unix.TCP_KEEPINTVL
	TCPKeepCount    = unix.TCP_KEEPCNT
	TCPUserTimeout  = unix.TCP_USER_TIMEOUT // milliseconds
	UDPSegment      = unix.UDP_SEGMENT      // known: one packet may be several datagrams
	UDPGRO          = unix.UDP_GRO          // several datagrams may come as one packet
)
