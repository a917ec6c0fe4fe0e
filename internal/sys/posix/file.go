//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Dup returns the lowest free descriptor for the open file of fd.
func (k *Kernel) Dup(fd int) (int, sys.Errno) {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return -1, errno(err)
	}
	return n, 0
}

// Truncate sets the length of a file. EPERM: a seal forbids it.
func (k *Kernel) Truncate(fd int, size int64) sys.Errno { return errno(unix.Ftruncate(fd, size)) }

// Size is the length of a file in bytes.
func (k *Kernel) Size(fd int) (int64, sys.Errno) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, errno(err)
	}
	return st.Size, 0
}

// Read reads from what cannot block or was made non-blocking.
func (k *Kernel) Read(fd int, b []byte) (int, sys.Errno) {
	n, err := unix.Read(fd, b)
	return max(n, 0), errno(err)
}

// Write writes to what cannot block or was made non-blocking.
func (k *Kernel) Write(fd int, b []byte) (int, sys.Errno) {
	n, err := unix.Write(fd, b)
	return max(n, 0), errno(err)
}

// Map maps a file; see mmap(2) for its errors. Memory behind the end of the
// file must not be touched.
func (k *Kernel) Map(fd, length int) ([]byte, sys.Errno) {
	b, err := unix.Mmap(fd, 0, length, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	return b, errno(err)
}

// Unmap ends a mapping; EINVAL: b is not what Map returned.
func (k *Kernel) Unmap(b []byte) sys.Errno { return errno(unix.Munmap(b)) }
