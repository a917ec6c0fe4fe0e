package sim

import (
	"fmt"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent"
)

// Moment is what an Event is about.
type Moment uint8

const (
	Called Moment = iota // a process made a call of the kernel
	Traced               // its event context told what it does
	Exits                // it has come to its end by itself; the kernel has closed nothing of it yet
)

// Event is one thing that a process did. It is good during the call only.
type Event struct {
	Moment Moment
	At     time.Duration // since the world's start
	Proc   *Proc

	// Called.
	Call  string         // such as "Recvmsg"; "Wait" and the like are the poller's
	FD    int            // -1: none
	N     int            // the count, value or descriptor that it returned
	Errno syscall.Errno  // 0 is success
	Peer  netip.AddrPort // of a packet with an address, and of Connect
	Slept time.Duration  // Wait: how long the process slept in it

	// Traced.
	Trace *tevent.TraceEvent
}

// String is the line of the log.
func (e *Event) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %v ", e.At, e.Proc)
	switch e.Moment {
	case Traced:
		t := e.Trace
		fmt.Fprintf(&b, "%v%s #%d", t.Point, about(t), t.ID)
		if t.Parent != 0 {
			fmt.Fprintf(&b, " of #%d", t.Parent)
		}
		if t.Err != nil {
			fmt.Fprintf(&b, ": %v", t.Err)
		}
	case Exits:
		b.WriteString("has come to its end")
	case Called:
		e.writeCall(&b)
	}
	return b.String()
}

// about is of what kind t is and its name, where they say more than the point.
func about(t *tevent.TraceEvent) string {
	kind := t.Kind.String()
	switch {
	case t.Kind == tevent.KindTurn:
		return ""
	case kind == t.Name:
		return " " + kind
	}
	return " " + kind + " " + t.Name
}

func (e *Event) writeCall(b *strings.Builder) {
	b.WriteString(e.Call)
	if e.FD >= 0 {
		fmt.Fprintf(b, "(%d)", e.FD)
	}
	if e.Errno != 0 {
		b.WriteString(" = " + fault.ErrnoName(e.Errno))
	} else {
		fmt.Fprintf(b, " = %d", e.N)
	}
}

// Oracle watches a world. It is told everything in order; an error is a
// violation, and ends the run with it.
type Oracle interface {
	Saw(e *Event) error
}

// Watch has oracles told everything from now on.
func (w *World) Watch(oracles ...Oracle) { w.oracles = append(w.oracles, oracles...) }
