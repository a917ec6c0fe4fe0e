package sim

import (
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/internal/kernel"
)

// Proc is a process: a coroutine that runs until its loop would sleep, and now
// and then lets others run at a call of the kernel.
type Proc struct {
	world *World
	host  *Host
	name  string
	id    int
	os    *kernel.Proc
	inj   *fault.Injector
	ev    *tevent.Context
	calls calls
	poll  poller
	sys   system

	next  func() (struct{}, bool) // lets it run
	yield func(struct{}) bool     // gives up control

	parked   bool  // its loop sleeps
	deadline int64 // until when it sleeps
	pauses   int   // of faults, that have not passed
	stopped  bool  // by Stop
	doomed   bool  // killed: it ends where it is
	exited   bool

	misuse   Misuse
	made     uint64        // calls, so far
	odds     [kinds]uint64 // of 1024, of faults that may happen again and again
	slow     time.Duration // a pause of Slow at most
	triggers []trigger
}

// killed is what unwinds the stack of a process that was killed.
type killed struct{}

// spawn makes a process and starts it soon.
func (w *World) spawn(h *Host, name string, main func(ev *tevent.Context)) *Proc {
	if w.closed {
		panic("sim: the world is closed")
	}
	p := &Proc{world: w, host: h, name: name, id: len(w.all) + 1}
	restore := w.limit(h, name)
	p.os = h.net.Proc(name, sleeper{p})
	restore()
	p.inj = fault.New(p.os, p.os.Poller())
	p.calls = calls{Kernel: p.inj.Kernel(), p: p}
	p.poll = poller{real: p.inj.Poller(), p: p}
	p.sys = system{p: p}
	p.ev = tevent.NewOn(&p.calls, &p.poll, &p.sys)
	p.ev.SetLogger(logger(p))
	p.ev.SetTrace(func(e *tevent.TraceEvent) { w.traced(p, e) })
	p.next, _ = iter.Pull(func(yield func(struct{}) bool) {
		p.yield = yield
		p.live(main)
	})
	w.procs, w.all = append(w.procs, p), append(w.all, p)
	w.rec.note("%s starts on %v", p, h)
	for _, f := range w.plan.faults {
		w.equip(p, f)
	}
	return p
}

// live is the life of a process.
func (p *Proc) live(main func(ev *tevent.Context)) {
	defer p.end()
	defer func() {
		switch v := recover(); v.(type) {
		case nil, killed:
		default:
			p.world.Violate(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	if p.doomed {
		return
	}
	main(p.ev)
	if err := p.ev.LoopWait(); err != nil && err != tevent.ErrClosed {
		p.world.Violate(fmt.Errorf("the loop failed: %w", err))
	}
	p.ev.Close()
	p.world.exits(p)
}

// end is the exit of a process, however it comes to it.
func (p *Proc) end() {
	p.exited = true
	p.ev.Abandon()
	p.os.Exit()
	w := p.world
	w.procs = slices.DeleteFunc(w.procs, func(x *Proc) bool { return x == p })
	w.rec.note("%s exits", p)
}

// resume runs p until it gives up control or ends. A Goexit of p goes on in
// the caller.
func (w *World) resume(p *Proc) {
	defer func() { w.running = nil }()
	w.running = p
	p.next()
}

// sleeper is how a process sleeps: control goes back to the world.
type sleeper struct{ p *Proc }

func (s sleeper) Park(_ *kernel.Proc, deadline int64) {
	s.p.parked, s.p.deadline = true, deadline
	s.p.pass()
	s.p.parked = false
}

// pass gives up control until the world lets p run again.
func (p *Proc) pass() {
	if p.doomed || !p.yield(struct{}{}) || p.doomed {
		panic(killed{})
	}
}

// canRun tells whether p has something to do.
func (p *Proc) canRun() bool {
	switch {
	case p.doomed:
		return true
	case p.held():
		return false
	}
	return !p.parked || p.os.Runnable() || p.deadline <= p.world.net.Now()
}

// kill dooms p. Its context is dead at once, its descriptors are closed; its
// stack unwinds when the world runs it next.
func (p *Proc) kill() {
	if p.exited || p.doomed {
		return
	}
	p.doomed = true
	p.ev.Abandon()
	p.os.Exit()
}

// Kill ends the process as SIGKILL does: the kernel closes its descriptors,
// nothing of it runs any more but the deferred functions on its stack, whose
// context and kernel are dead.
func (p *Proc) Kill() {
	p.world.rec.note("%s is killed", p)
	p.kill()
}

// Stop has the process not run until Cont, as SIGSTOP does; what arrives for it
// waits in the kernel.
func (p *Proc) Stop() {
	if !p.stopped && !p.exited {
		p.world.rec.note("%s stops", p)
		p.stopped = true
	}
}

// Cont ends a Stop.
func (p *Proc) Cont() {
	if p.stopped {
		p.world.rec.note("%s goes on", p)
		p.stopped = false
	}
}

// pause keeps p from running for d, or until Calm.
func (p *Proc) pause(d time.Duration) {
	p.pauses++
	p.world.later(d, func() { p.pauses-- })
}

// held tells whether p may not run.
func (p *Proc) held() bool { return p.stopped || p.pauses > 0 }

// Name is the name given to Go.
func (p *Proc) Name() string { return p.name }

// Host is where the process runs.
func (p *Proc) Host() *Host { return p.host }

// Context is the process's event context, to look at while the world does not
// run; it belongs to the process.
func (p *Proc) Context() *tevent.Context { return p.ev }

// Exited tells whether the process has ended, whatever the reason.
func (p *Proc) Exited() bool { return p.exited || p.doomed }

// String is the name, with a number that tells processes of one name apart.
func (p *Proc) String() string { return fmt.Sprintf("%s#%d", p.name, p.id) }

// situation is what p does, for people.
func (p *Proc) situation() string {
	switch {
	case p.stopped:
		return "stopped"
	case p.pauses > 0:
		return "paused"
	case p.parked && p.deadline == never:
		return "sleeps until something happens"
	case p.parked:
		return fmt.Sprintf("sleeps until %v", time.Duration(p.deadline-p.world.birth))
	}
	return "can run"
}
