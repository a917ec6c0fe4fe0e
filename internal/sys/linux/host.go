//go:build linux

package linux

import "github.com/tsocket-go/tsocket/internal/sys/posix"

// NewHost returns the Host of any Unix; see posix.NewHost.
func NewHost(workers int) *posix.Host { return posix.NewHost(workers) }
