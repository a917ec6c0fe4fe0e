package tevent

import "os"

// nextSignal waits for one of some signals.
type nextSignal struct {
	Op[os.Signal]
	stop func()
}

// NextSignal completes with the first of sigs that the process receives from
// now on; meanwhile they do not have their usual effect. When nothing waits for
// a signal any more, its disposition is restored. It can be cancelled. Source:
// tevent_add_signal.
func NextSignal(ev *Context, sigs ...os.Signal) Req[os.Signal] {
	s := &nextSignal{}
	s.Start(ev, "signal")
	r := s.Req()
	s.SetCancel(s.Fail)
	s.stop = ev.host.Notify(sigs, func(sig os.Signal) {
		ev.Post(func() {
			if r.InProgress() {
				s.Done(sig)
			}
		})
	})
	s.SetCleanup(func(st State) {
		if st != StateEnded {
			s.stop()
		}
	})
	return r
}
