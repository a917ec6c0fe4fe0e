package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Peercred asks SO_PEERCRED; ENODATA or zero values where there was no peer.
func (k *Kernel) Peercred(fd int) (sys.Cred, sys.Errno) {
	c, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return sys.Cred{}, errno(err)
	}
	return sys.Cred{PID: int(c.Pid), UID: c.Uid, GID: c.Gid}, 0
}
