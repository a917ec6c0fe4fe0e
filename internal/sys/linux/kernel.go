//go:build linux

package linux

import (
	"crypto/rand"
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Kernel = (*Kernel)(nil)

// Kernel makes the calls. It is owned by the goroutine of its event context,
// except Now, which is safe for concurrent use.
type Kernel struct {
	start time.Time // immutable

	// What the kernel reads and writes during a call lives here, on the heap,
	// so that nothing escapes and allocates per call; owned by the loop.
	iov  []unix.Iovec // cleared after each call, so that no buffer is kept alive
	msg  unix.Msghdr
	name sockaddr
	ctl  control
}

// NewKernel returns a Kernel whose clock starts now.
func NewKernel() *Kernel { return &Kernel{start: time.Now()} }

// Now is the time since Start in nanoseconds. It costs no system call.
func (k *Kernel) Now() int64 { return int64(time.Since(k.start)) }

// Start is the instant of NewKernel.
func (k *Kernel) Start() time.Time { return k.start }

// Random fills b from the system's generator; the process dies if there is none.
func (k *Kernel) Random(b []byte) { _, _ = rand.Read(b) }

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
