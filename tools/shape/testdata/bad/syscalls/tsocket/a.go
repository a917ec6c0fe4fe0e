package tsocket

import (
	"syscall"

	sys "golang.org/x/sys/unix"
)

const family = syscall.AF_INET

func bad(fd int) error {
	read := syscall.Read
	_, err := read(fd, nil)
	sys.Close(fd)
	return err
}

func good(n int, syscall []int) bool {
	return sys.Errno(n) == sys.EAGAIN && len(syscall) == 0
}
