//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Sockopt reads an option whose value is a C int, or the seconds of SO_LINGER.
// Reading SO_ERROR clears it.
func (k *Kernel) Sockopt(fd, level, opt int) (int, sys.Errno) {
	if level == unix.SOL_SOCKET && opt == unix.SO_LINGER {
		return linger(fd)
	}
	v, err := unix.GetsockoptInt(fd, level, opt)
	return v, errno(err)
}

func linger(fd int) (int, sys.Errno) {
	l, err := unix.GetsockoptLinger(fd, unix.SOL_SOCKET, soLinger)
	switch {
	case err != nil:
		return 0, errno(err)
	case l.Onoff == 0:
		return -1, 0
	}
	return int(l.Linger), 0
}

// SetSockopt writes an option whose value is a C int, or the seconds of
// SO_LINGER.
func (k *Kernel) SetSockopt(fd, level, opt, value int) sys.Errno {
	if level == unix.SOL_SOCKET && opt == unix.SO_LINGER {
		l := unix.Linger{Onoff: 1, Linger: int32(value)}
		if value < 0 {
			l = unix.Linger{}
		}
		return errno(unix.SetsockoptLinger(fd, level, soLinger, &l))
	}
	return errno(unix.SetsockoptInt(fd, level, opt, value))
}

// Pending asks FIONREAD: the bytes of a stream, or of the next datagram.
func (k *Kernel) Pending(fd int) (int, sys.Errno) {
	n, err := unix.IoctlGetInt(fd, fionread)
	return n, errno(err)
}

// SetNonblock makes fd non-blocking, for everybody who shares its open file.
func (k *Kernel) SetNonblock(fd int) sys.Errno {
	if err := unix.SetNonblock(fd, true); err != nil {
		return errno(err)
	}
	_ = silence(fd) // it need not be a socket
	return 0
}
