package fault

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// most is above every errno of the systems we run on.
const most = 200

// ErrnoName is the name of e, such as "EAGAIN", or "errno250" for one without.
func ErrnoName(e sys.Errno) string {
	if s := nameOf(e); s != "" {
		return s
	}
	return fmt.Sprintf("errno%d", int(e))
}

// ErrnoNamed is the errno that ErrnoName calls so; 0 if there is none.
func ErrnoNamed(name string) sys.Errno {
	if number, ok := strings.CutPrefix(name, "errno"); ok {
		n, _ := strconv.ParseUint(number, 10, 16)
		return sys.Errno(n)
	}
	for e := sys.Errno(1); e < most; e++ {
		if nameOf(e) == name {
			return e
		}
	}
	return 0
}
