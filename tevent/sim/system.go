package sim

import (
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Host = (*system)(nil)

// system is the sys.Host of a process: what needs goroutines elsewhere are
// events of the world here.
type system struct {
	p        *Proc
	watchers []*watcher
}

// watcher is one Notify that has not ended.
type watcher struct {
	sigs []os.Signal
	f    func(os.Signal)
}

// Notify is told by Signal.
func (s *system) Notify(sigs []os.Signal, f func(os.Signal)) (stop func()) {
	if len(sigs) == 0 {
		return func() {}
	}
	w := &watcher{slices.Clone(sigs), f}
	s.watchers = append(s.watchers, w)
	return func() {
		s.watchers = slices.DeleteFunc(s.watchers, func(x *watcher) bool { return x == w })
	}
}

// slowest is how long work on the pool takes at most.
const slowest = time.Millisecond

// Go runs f at a time to be drawn, unless the process has ended by then.
func (s *system) Go(f func()) {
	w := s.p.world
	w.After(time.Duration(w.rand.Int64N(int64(slowest))), func() {
		if !s.p.Exited() {
			f()
		}
	})
}

// After is an event of the world, unless the process has ended by then.
func (s *system) After(d time.Duration, f func()) (stop func()) {
	stopped := false
	s.p.world.After(d, func() {
		if !stopped && !s.p.Exited() {
			f()
		}
	})
	return func() { stopped = true }
}

// Each is refused: a process has one loop here.
func (s *system) Each(int, func(int)) {
	panic("sim: each loop of a group is a process of the world; start it with Host.Go")
}

// Identity is the host's.
func (s *system) Identity() string { return s.p.host.Identity() }

// Yield lets another process run.
func (s *system) Yield() { s.p.pass() }

// lazy is how long a signal is under way at most.
const lazy = 50 * time.Microsecond

// Signal sends sig to the process. SIGKILL, SIGSTOP and SIGCONT are Kill, Stop
// and Cont. Any other comes a moment later to those who wait for it with
// tevent.NextSignal; if nobody does, it kills the process.
func (p *Proc) Signal(sig os.Signal) {
	switch sig {
	case syscall.SIGKILL:
		p.Kill()
	case sys.SigStop:
		p.Stop()
	case sys.SigCont:
		p.Cont()
	default:
		w := p.world
		w.After(time.Duration(w.rand.Int64N(int64(lazy))), func() { p.deliver(sig) })
	}
}

func (p *Proc) deliver(sig os.Signal) {
	if p.Exited() {
		return
	}
	p.world.rec.note("%s gets %v", p, sig)
	caught := false
	for _, w := range slices.Clone(p.sys.watchers) {
		if slices.Contains(w.sigs, sig) {
			caught = true
			w.f(sig)
		}
	}
	if !caught {
		p.kill()
	}
}
