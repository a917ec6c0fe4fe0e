//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Eventfd is ENOSYS.
func (k *Kernel) Eventfd(uint32) (int, sys.Errno) { return -1, unix.ENOSYS }

// Memfd is ENOSYS.
func (k *Kernel) Memfd(string) (int, sys.Errno) { return -1, unix.ENOSYS }

// Seal is ENOSYS.
func (k *Kernel) Seal(int, int) sys.Errno { return unix.ENOSYS }

// Seals is ENOSYS.
func (k *Kernel) Seals(int) (int, sys.Errno) { return 0, unix.ENOSYS }
