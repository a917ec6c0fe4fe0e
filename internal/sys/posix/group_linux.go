package posix

import "golang.org/x/sys/unix"

const joinGroup6, leaveGroup6 = unix.IPV6_ADD_MEMBERSHIP, unix.IPV6_DROP_MEMBERSHIP
