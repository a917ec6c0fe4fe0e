//go:build linux

package tsocket_test

import (
	"net/netip"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
)

// cell is one fault at one call of one operation.
type cell struct {
	faulttest.Cell
	op  operation
	own bool // only on the operation's own descriptor
}

// waitTime is how long a request of a cell may take: those that have to wait
// for ever need not long.
type waitTime = time.Duration

func patienceFor(v faulttest.Verdict) waitTime {
	if v == faulttest.Waits {
		return 25 * time.Millisecond
	}
	return patience
}

func netipPort(ap netip.AddrPort, port int) netip.AddrPort {
	return netip.AddrPortFrom(ap.Addr(), uint16(port))
}

// cells are the faults at the calls that a recorded run made.
func cells(op operation, log []fault.Entry, fd int) (all []cell) {
	type place struct {
		call fault.Call
		own  bool
	}
	seen := map[place]int{}
	for _, e := range log {
		p := place{e.Call, fd > 0 && e.FD >= 0}
		if p.own && e.FD != fd || e.Call.Errnos() == nil {
			continue
		}
		seen[p]++
		if seen[p] > 5 || e.Call == fault.Wait && seen[p] > 1 {
			continue // the same again
		}
		all = append(all, op.cellsAt(fault.Plan{Call: e.Call, Nth: seen[p]}, p.own)...)
	}
	return all
}

func (op operation) cellsAt(p fault.Plan, own bool) (all []cell) {
	for _, persistent := range []bool{false, true} {
		p.Persistent = persistent
		for _, e := range p.Call.Errnos() {
			q := p
			q.Errno = e
			all = append(all, cell{faulttest.Cell{Op: op.Op, Plan: q}, op, own})
		}
		if p.Call == fault.Recvmsg || p.Call == fault.Sendmsg {
			for _, short := range []fault.Short{fault.OneByte, fault.Half} {
				q := p
				q.Short = short
				all = append(all, cell{faulttest.Cell{Op: op.Op, Plan: q}, op, own})
			}
		}
	}
	return all
}
