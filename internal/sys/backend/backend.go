// Package backend chooses the system that an event context is built on: the
// best mechanism there is, or one by name, and what takes over when the best
// fails at run time.
package backend

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// System is what an event context is built on.
type System struct {
	Kernel sys.Kernel
	Poller sys.Poller
	Host   sys.Host
}

// unknown is the error for a name that is none of Names.
func unknown(name string) error {
	if len(Names()) == 0 {
		return fmt.Errorf("no backend for this system: %w", errors.ErrUnsupported)
	}
	return fmt.Errorf("no backend %q here, there is %s: %w", name, strings.Join(Names(), ", "), errors.ErrUnsupported)
}
