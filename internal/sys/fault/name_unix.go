//go:build unix

package fault

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// nameOf is the name of e, "" for one without.
func nameOf(e sys.Errno) string { return unix.ErrnoName(e) }
