//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"crypto/rand"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Kernel = (*Kernel)(nil)

// Kernel makes the calls. It is owned by the goroutine of its event context,
// except Now, which is safe for concurrent use.
type Kernel struct {
	start time.Time // immutable

	bufs    [][]byte // of the present transfer; owned by the loop
	late    late
	control []byte // room for the descriptors of a packet; owned by the loop
}

// NewKernel returns a Kernel whose clock starts now.
func NewKernel() *Kernel { return &Kernel{start: time.Now()} }

// Now is the time since Start in nanoseconds. It costs no system call.
func (k *Kernel) Now() int64 { return int64(time.Since(k.start)) }

// Start is the instant of NewKernel.
func (k *Kernel) Start() time.Time { return k.start }

// Random fills b from the system's generator; the process dies if there is none.
func (k *Kernel) Random(b []byte) { _, _ = rand.Read(b) }

// errno is the number behind an error of package unix.
func errno(err error) sys.Errno {
	switch e := err.(type) {
	case nil:
		return 0
	case sys.Errno:
		return e
	}
	return unix.EINVAL
}
