//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

const recvFlags = unix.MSG_DONTWAIT

// Recvmsg receives into the first sys.MaxBufs of m.Bufs that are not empty.
// EINVAL: all are empty; a count of 0 would look like the end of the stream.
func (k *Kernel) Recvmsg(fd int, m *sys.Msg) (n int, _ sys.Errno) {
	var err error
	flags := 0
	switch k.gather(m.Bufs); len(k.bufs) {
	case 0:
		return 0, unix.EINVAL
	case 1:
		n, _, flags, _, err = unix.Recvmsg(fd, k.bufs[0], nil, recvFlags)
	default:
		n, _, flags, _, err = unix.RecvmsgBuffers(fd, k.bufs, nil, recvFlags)
	}
	k.scatter()
	m.Cut = err == nil && flags&unix.MSG_CTRUNC != 0
	return max(n, 0), errno(err)
}

// Sendmsg sends the first sys.MaxBufs of m.Bufs that are not empty.
// EINVAL: all are empty, as for Recvmsg.
func (k *Kernel) Sendmsg(fd int, m *sys.Msg) (n int, _ sys.Errno) {
	var err error
	switch k.gather(m.Bufs); len(k.bufs) {
	case 0:
		return 0, unix.EINVAL
	case 1:
		n, err = unix.SendmsgN(fd, k.bufs[0], nil, nil, sendFlags)
	default:
		n, err = unix.SendmsgBuffers(fd, k.bufs, nil, nil, sendFlags)
	}
	k.scatter()
	return max(n, 0), errno(err)
}

// gather keeps the buffers that count in k.bufs.
func (k *Kernel) gather(bufs [][]byte) {
	for _, b := range bufs {
		if len(b) > 0 && len(k.bufs) < sys.MaxBufs {
			k.bufs = append(k.bufs, b)
		}
	}
}

// scatter forgets the buffers.
func (k *Kernel) scatter() {
	clear(k.bufs)
	k.bufs = k.bufs[:0]
}
