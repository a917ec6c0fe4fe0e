package fault

import (
	"fmt"
	"strings"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Entry is a call that was made, or failed instead of being made.
type Entry struct {
	Call     Call
	FD       int // -1: the call has none
	N        int // the count, value or descriptor that it returned
	Errno    sys.Errno
	Injected bool // a fault fired
}

// String is for example "Recvmsg(7) = 12" or "Close(7) = EIO, injected".
func (e Entry) String() string {
	var b strings.Builder
	b.WriteString(e.Call.String())
	if e.FD >= 0 {
		fmt.Fprintf(&b, "(%d)", e.FD)
	}
	if e.Errno != 0 {
		b.WriteString(" = " + ErrnoName(e.Errno))
	} else {
		fmt.Fprintf(&b, " = %d", e.N)
	}
	if e.Injected {
		b.WriteString(", injected")
	}
	return b.String()
}

// Record starts a new log, or with false ends recording. Wake, Now and Start
// are not recorded: other goroutines call them.
func (in *Injector) Record(on bool) {
	in.record = on
	if on {
		in.log = nil
	}
}

// Log is what was called since Record, in order.
func (in *Injector) Log() []Entry { return in.log }

func (in *Injector) note(c Call, fd, n int, e sys.Errno, f *Fault) {
	if in.record {
		in.log = append(in.log, Entry{Call: c, FD: fd, N: n, Errno: e, Injected: f != nil})
	}
}
