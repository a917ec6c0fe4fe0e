package fault

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// watch is a descriptor that the Poller reports edges of. One in Level mode
// has none: the real Poller reports a condition as long as it is there.
type watch struct {
	token uint64
	out   bool      // writing is watched
	owed  sys.Ready // what injected faults have kept the caller from
}

// due is what may be reported: writing only once somebody wanted it.
func (w *watch) due() sys.Ready {
	if w.out {
		return w.owed
	}
	return w.owed &^ sys.Out
}

// again owes dir of fd after f has answered EAGAIN; if that goes on for ever, it
// is owed when f stops.
func (in *Injector) again(f *Fault, fd int, dir sys.Ready) {
	switch {
	case f.plan.Errno != syscall.EAGAIN:
	case f.row < inARow:
		f.row++
		in.owe(fd, dir)
	case in.watches[fd] != nil && !slices.Contains(f.silent, hush{fd, dir}):
		f.silent = append(f.silent, hush{fd, dir})
	}
}

// owe makes the next Wait report dir of fd. A descriptor that is not
// registered is owed nothing: Add and the first Want report what is ready.
func (in *Injector) owe(fd int, dir sys.Ready) {
	w := in.watches[fd]
	if w == nil {
		return
	}
	w.owed |= dir
	if !slices.Contains(in.debts, fd) {
		in.debts = append(in.debts, fd)
	}
}

// due tells whether Wait has something to report by itself.
func (in *Injector) due() bool {
	return slices.ContainsFunc(in.debts, func(fd int) bool { return in.watches[fd].due() != 0 })
}

// pay adds what is owed to the n events there are and returns how many there
// are now. What finds no room stays owed.
func (in *Injector) pay(events []sys.Event, n int) int {
	in.debts = slices.DeleteFunc(in.debts, func(fd int) bool {
		w := in.watches[fd]
		due := w.due()
		if due == 0 {
			return false
		}
		i := slices.IndexFunc(events[:n], func(ev sys.Event) bool { return ev.Token == w.token })
		if i < 0 && n == len(events) {
			return false
		}
		if i < 0 {
			i, n = n, n+1
			events[i] = sys.Event{Token: w.token}
		}
		events[i].Ready |= due
		w.owed &^= due
		return w.owed == 0
	})
	return n
}

func (in *Injector) forget(fd int) {
	delete(in.watches, fd)
	for _, f := range in.faults {
		f.silent = slices.DeleteFunc(f.silent, func(h hush) bool { return h.fd == fd })
	}
	in.debts = slices.DeleteFunc(in.debts, func(d int) bool { return d == fd })
}
