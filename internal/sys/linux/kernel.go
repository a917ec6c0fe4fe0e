//go:build linux

package linux

import (
	"errors"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/posix"
)

var _ sys.Kernel = (*Kernel)(nil)

// Kernel makes the calls that every Unix has as posix does, and those that move
// bytes and addresses with nothing allocated. It is owned by the goroutine of its
// event context, except Now, which is safe for concurrent use.
type Kernel struct {
	posix.Kernel

	// What the kernel reads and writes during a call lives here, on the heap,
	// so that nothing escapes and allocates per call; owned by the loop.
	iov  []unix.Iovec // cleared after each call, so that no buffer is kept alive
	msg  unix.Msghdr
	name sockaddr
	ctl  control

	packets *packets // nil until it is used
}

// NewKernel returns a Kernel whose clock starts now.
func NewKernel() *Kernel { return &Kernel{Kernel: *posix.NewKernel()} }

// errno is the number behind an error of package unix, which returns no other.
func errno(err error) sys.Errno {
	if err == nil {
		return 0
	}
	var e sys.Errno
	if errors.As(err, &e) {
		return e
	}
	return unix.EINVAL
}
