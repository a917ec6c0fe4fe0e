//go:build dragonfly || netbsd || openbsd

package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Peercred is EOPNOTSUPP.
func (k *Kernel) Peercred(int) (sys.Cred, sys.Errno) { return sys.Cred{}, unix.EOPNOTSUPP }
