//go:build darwin || freebsd

package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// solLocal is SOL_LOCAL, the level of the options of a unix socket.
const solLocal = 0

// Peercred asks LOCAL_PEERCRED, which does not know the process: PID is 0.
func (k *Kernel) Peercred(fd int) (sys.Cred, sys.Errno) {
	c, err := unix.GetsockoptXucred(fd, solLocal, unix.LOCAL_PEERCRED)
	if err != nil {
		return sys.Cred{}, errno(err)
	}
	return sys.Cred{UID: c.Uid, GID: c.Groups[0]}, 0
}
