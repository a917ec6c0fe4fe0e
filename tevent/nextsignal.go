package tevent

import (
	"os"
	"syscall"
)

// nextSignal waits for one of some signals.
type nextSignal struct {
	Op[os.Signal]
	watches []*Signal
}

// NextSignal completes with the first of sigs that the process receives from
// now on; meanwhile they do not have their usual effect. When nothing waits for
// a signal any more, its disposition is restored. It can be cancelled. EINVAL:
// one of sigs is no signal or cannot be caught, or there are none. Source:
// tevent_add_signal with SA_RESETHAND.
func NextSignal(ev *Context, sigs ...os.Signal) Req[os.Signal] {
	s := &nextSignal{}
	s.Start(ev, "signal")
	s.SetCancel(s.Fail)
	s.SetCleanup(s.over)
	if len(sigs) == 0 {
		s.Fail(os.NewSyscallError("signal", syscall.EINVAL))
	}
	for _, sig := range sigs {
		w, err := NewSignal(ev, sig, s.raised)
		if s.Fail(err) {
			break
		}
		s.watches = append(s.watches, w)
	}
	return s.Req()
}

func (s *nextSignal) raised(sig os.Signal, _ int) { s.Done(sig) }

func (s *nextSignal) over(State) {
	for _, w := range s.watches {
		w.Close()
	}
	s.watches = nil
}
