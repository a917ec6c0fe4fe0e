package sim

import (
	"iter"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
)

// Calls is how often the processes of one name made one call.
type Calls struct {
	Proc string
	Call string
	N    int
}

// Calls is what the processes have called so far, in the order in which they
// were started.
func (w *World) Calls() []Calls {
	var list []Calls
	for _, p := range w.all {
		for c := range fault.All() {
			if n := p.inj.Count(c); n > 0 {
				list = append(list, Calls{p.name, c.String(), int(n)})
			}
		}
	}
	return list
}

// Enumerate yields a plan for every way in which one of the calls of a run can
// go wrong: each call that was made, with each errno that its manual page
// knows, once and from then on for ever; each transfer with a short count. Of
// many calls of one kind the first most are taken.
func Enumerate(calls []Calls, most int) iter.Seq[Plan] {
	return func(yield func(Plan) bool) {
		for _, c := range calls {
			for nth := 1; nth <= min(c.N, most); nth++ {
				for _, f := range c.faults() {
					f.Proc, f.Call, f.Nth = c.Proc, c.Call, nth
					once, on := f, f
					on.On = true
					if !yield(Plan{once}) || !yield(Plan{on}) {
						return
					}
				}
			}
		}
	}
}

// faults are the ways in which a call goes wrong.
func (c Calls) faults() []Fault {
	var list []Fault
	call, _ := fault.Named(c.Call)
	for _, e := range call.Errnos() {
		if e == syscall.EAGAIN && call != fault.Connect { // a unix listener without room
			list = append(list, Fault{Kind: WouldBlock})
		} else {
			list = append(list, Fault{Kind: Fails, Errno: e})
		}
	}
	if call == fault.Recvmsg || call == fault.Sendmsg {
		list = append(list, Fault{Kind: OneByte}, Fault{Kind: Half})
	}
	return list
}
