//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package posix

import "golang.org/x/sys/unix"

const joinGroup6, leaveGroup6 = unix.IPV6_JOIN_GROUP, unix.IPV6_LEAVE_GROUP
