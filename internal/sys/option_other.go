//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package sys

// There is no backend that would take these.
const (
	SoReusePort = iota + 1<<16
	TCPKeepIdle
	TCPKeepInterval
	TCPKeepCount
	TCPUserTimeout
	UDPSegment
	UDPGRO
)
