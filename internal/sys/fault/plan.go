package fault

import (
	"fmt"
	"strings"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Plan says which call fails, and how: by Errno or by Short, one of them.
type Plan struct {
	Call       Call
	FD         int  // only calls on this descriptor; 0 is any, and calls without one
	Nth        int  // which of these calls since Inject; the first is 1, and so is 0
	Persistent bool // that one and every one after it
	Errno      sys.Errno
	Short      Short // Recvmsg and Sendmsg of a stream only
}

// Short is how much of its buffers a transfer uses.
type Short uint8

// How much a short transfer moves at most.
const (
	Whole   Short = iota // everything: not a fault
	OneByte              // one byte
	Half                 // half of the bytes, rounded up
)

// limit is how many of total bytes a transfer may move.
func (s Short) limit(total int) int {
	switch s {
	case OneByte:
		return min(1, total)
	case Half:
		return total - total/2
	}
	return total
}

// String is made for the name of a test: "Recvmsg-3-EAGAIN" is the third,
// "Recvmsg-fd7-3-on-half" the third on descriptor 7 and all after it.
func (p Plan) String() string {
	var b strings.Builder
	b.WriteString(p.Call.String())
	if p.FD > 0 {
		fmt.Fprintf(&b, "-fd%d", p.FD)
	}
	fmt.Fprintf(&b, "-%d", p.nth())
	if p.Persistent {
		b.WriteString("-on")
	}
	b.WriteString("-" + p.effect())
	return b.String()
}

func (p Plan) effect() string {
	switch p.Short {
	case OneByte:
		return "onebyte"
	case Half:
		return "half"
	}
	return ErrnoName(p.Errno)
}

func (p Plan) nth() int { return max(p.Nth, 1) }

// check panics when p can never fire as it says.
func (p Plan) check() {
	switch {
	case int(p.Call) >= calls || !p.Call.Fails():
		panic("fault: this call does not fail")
	case (p.Errno != 0) == (p.Short != Whole):
		panic(fmt.Sprintf("fault: plan %v needs either Errno or Short", p))
	case p.Short > Half || p.Short != Whole && p.Call != Recvmsg && p.Call != Sendmsg:
		panic(fmt.Sprintf("fault: plan %v: only a transfer can be short", p))
	}
}
