package sys

import "golang.org/x/sys/unix"

// What these are called differs from system to system.
const (
	SoReusePort     = unix.SO_REUSEPORT // listeners of one address share its connections
	TCPKeepIdle     = unix.TCP_KEEPIDLE // seconds
	TCPKeepInterval = unix.TCP_KEEPINTVL
)
