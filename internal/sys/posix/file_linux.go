package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Eventfd creates a counter; see eventfd(2) for its errors.
func (k *Kernel) Eventfd(initial uint32) (int, sys.Errno) {
	fd, err := unix.Eventfd(uint(initial), unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	return fd, errno(err)
}

// Memfd creates a file in memory; see memfd_create(2) for its errors.
func (k *Kernel) Memfd(name string) (int, sys.Errno) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	return fd, errno(err)
}

// Seal adds seals. EPERM: F_SEAL_SEAL is set; EINVAL: no file that has seals.
func (k *Kernel) Seal(fd, seals int) sys.Errno {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals)
	return errno(err)
}

// Seals are those of a file. EINVAL: no file that has seals.
func (k *Kernel) Seals(fd int) (int, sys.Errno) {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_GET_SEALS, 0)
	return max(n, 0), errno(err)
}
