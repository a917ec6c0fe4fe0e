//go:build !unix

package fault

import "github.com/tsocket-go/tsocket/internal/sys"

// nameOf knows no names: the numbers here are Go's own.
func nameOf(sys.Errno) string { return "" }
