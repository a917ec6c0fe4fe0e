//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package posix

import "golang.org/x/sys/unix"

// segmentControl is nil: no socket knows UDPSegment, so nobody asks for it.
func segmentControl(int) []byte { return nil }

// joined is 0: nothing comes joined.
func joined(*unix.SocketControlMessage) int { return 0 }
