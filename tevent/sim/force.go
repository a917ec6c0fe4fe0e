package sim

import (
	"slices"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent/sim/internal/kernel"
)

// inForce is the plan of a world, and what came of it.
type inForce struct {
	faults Plan
	struck []struck
	hits   [kinds]int // but for faults of calls
	late   bool       // somebody starts late
	calm   bool
}

// struck is a fault of calls in a process.
type struck struct {
	kind Kind
	f    *fault.Fault
}

// trigger is what happens at a process's nth call.
type trigger struct {
	nth uint64
	do  func()
}

// Inject puts the faults of plan into force, for the hosts and processes there
// are and for later ones. After Calm it does nothing. It panics on a fault that
// makes no sense.
func (w *World) Inject(plan Plan) {
	for _, f := range plan {
		if err := f.check(); err != nil {
			panic("sim: " + err.Error())
		}
		w.plan.faults = append(w.plan.faults, f)
		w.plan.late = w.plan.late || f.Kind == Late
		for _, h := range w.hosts {
			w.furnish(h, f)
		}
		for _, p := range w.procs {
			w.equip(p, f)
		}
		if f.Kind.once() && f.Nth == 0 {
			w.net.At(w.birth+int64(f.At), func() { w.happen(f, nil) })
		}
	}
}

// Hits is how often the faults of each kind have happened, by Kind.
func (w *World) Hits() []int {
	hits := slices.Clone(w.plan.hits[:])
	if w.plan.calm {
		return hits
	}
	for _, s := range w.plan.struck {
		hits[s.kind] += s.f.Fired()
	}
	c := w.net.Counts()
	met := [kinds]int{Delay: c.Sent, Segments: c.Split, Loss: c.Lost, Buffers: c.Full, Doubled: c.Doubled, Overtaken: c.Held,
		Backlog: c.Overflows}
	for _, f := range w.plan.faults {
		if f.Kind.ofLinks() && hits[f.Kind] == 0 {
			hits[f.Kind] = met[f.Kind]
		}
	}
	return hits
}

// Calm ends all faults: calls succeed, the network is whole and quick, who was
// stopped goes on. What they have done stays done.
func (w *World) Calm() {
	w.rec.note("calm")
	w.plan.hits = [kinds]int(w.Hits())
	w.plan.calm = true
	for _, s := range w.plan.struck {
		s.f.Stop()
	}
	w.plan.struck = nil
	w.Heal()
	for i, a := range w.hosts {
		a.net.Limits = kernel.DefaultLimits()
		for _, b := range w.hosts[:i+1] {
			quiet := w.net.Quiet(a.net, b.net)
			w.tune(a, b, func(l *kernel.Link) {
				l.Latency, l.Segment = quiet.Latency, quiet.Segment
				l.Loss, l.Duplicate, l.Reorder = 0, 0, 0
			})
		}
	}
	for _, p := range w.procs {
		p.odds, p.triggers, p.pauses = [kinds]uint64{}, nil, 0
		p.os.SetFiles(kernel.DefaultLimits().Files)
		p.poll.Wake() // for what faults kept from it
		p.Cont()
	}
}

// furnish gives a host what a fault of the network makes of it.
func (w *World) furnish(h *Host, f Fault) {
	if w.plan.calm || !f.Kind.ofLinks() {
		return
	}
	switch f.Kind {
	case Buffers:
		h.net.Limits.SendBuf, h.net.Limits.RecvBuf = f.N, f.N
	case Backlog:
		h.net.Limits.Backlog = f.N
	default:
		for _, other := range w.hosts {
			if other != h || f.Kind != Loss && f.Kind != Doubled && f.Kind != Overtaken {
				w.tune(h, other, f.tune)
			}
		}
	}
}

// tune changes the ways between a and b.
func (w *World) tune(a, b *Host, change func(*kernel.Link)) {
	change(w.net.Link(a.net, b.net))
	if a != b {
		change(w.net.Link(b.net, a.net))
	}
}

func (f Fault) tune(l *kernel.Link) {
	switch f.Kind {
	case Delay:
		l.Latency.Max = max(l.Latency.Min, int64(f.For))
	case Segments:
		l.Segment = kernel.Range{Min: 1, Max: int64(max(f.N, 1))}
	case Loss:
		l.Loss = float64(f.N) / 1024
	case Doubled:
		l.Duplicate = float64(f.N) / 1024
	case Overtaken:
		l.Reorder = float64(f.N) / 1024
	}
}

// inherited is how many descriptors a process has before it opens one: 0 to 2,
// and its poller's.
const inherited = 4

// limit is what the host has for a process of that name while it is made.
func (w *World) limit(h *Host, name string) (restore func()) {
	old := h.net.Limits.Files
	for _, f := range w.plan.faults {
		if f.Kind == Files && f.of(name) && !w.plan.calm {
			h.net.Limits.Files = inherited + f.N
		}
	}
	return func() { h.net.Limits.Files = old }
}

func (f Fault) of(name string) bool { return f.Proc == "" || f.Proc == name }

// equip gives a process what f does to it.
func (w *World) equip(p *Proc, f Fault) {
	if w.plan.calm || !f.of(p.name) {
		return
	}
	switch {
	case f.Kind.ofCalls():
		w.plan.struck = append(w.plan.struck, struck{f.Kind, p.inj.Inject(f.plan())})
	case f.Kind == Late:
		p.pause(f.For)
	case f.Kind == Files:
		p.odds[Files] = 1 // see limit
	case f.Kind.once():
		if f.Nth > 0 {
			p.arm(f, f.Nth)
		}
	case f.Kind == Slow:
		p.odds[Slow] = uint64(f.N)
		p.slow = max(p.slow, f.For)
	default:
		p.odds[f.Kind] = uint64(f.N)
	}
}

// arm has f happen at the nth call from now on. A reset waits for a connection.
func (p *Proc) arm(f Fault, nth int) {
	p.triggers = append(p.triggers, trigger{p.made + uint64(nth), func() {
		if !p.world.happen(f, p) && f.Kind == Reset {
			p.arm(f, 1)
		}
	}})
}

// happen is a fault that happens once: to p, or to whom it is told to.
func (w *World) happen(f Fault, p *Proc) (done bool) {
	for _, q := range slices.Clone(w.procs) {
		if q.Exited() || q != p && (p != nil || !f.of(q.name)) || w.plan.calm {
			continue
		}
		if !q.suffer(f) {
			continue
		}
		done = true
		w.rec.note("%v happens to %s", f.Kind, q)
		w.plan.hits[f.Kind]++
		if f.Kind == Leap {
			break // that was for all
		}
	}
	return done
}

// suffer reports whether there was anything to suffer.
func (p *Proc) suffer(f Fault) bool {
	w := p.world
	switch f.Kind {
	case Killed:
		p.kill()
	case Stopped:
		p.Stop()
		w.later(f.For, p.Cont)
	case Leap:
		for _, q := range w.procs {
			q.pause(f.For)
		}
	case Reset:
		return p.os.Cut()
	case Parted:
		return w.isolate(p.host, f.For)
	}
	return true
}

// later ends a fault after d, unless Calm has ended it by then.
func (w *World) later(d time.Duration, end func()) {
	w.After(d, func() {
		if !w.plan.calm {
			end()
		}
	})
}

// isolate cuts a host off for d, and reports whether there are others.
func (w *World) isolate(h *Host, d time.Duration) bool {
	for _, other := range w.hosts {
		if other != h {
			c := w.cut(h, other)
			w.After(d, func() { w.mend(c) })
		}
	}
	return len(w.hosts) > 1
}

// chance draws whether a fault happens now, and counts it.
func (p *Proc) chance(k Kind) bool {
	n := p.odds[k]
	if n == 0 || p.world.rand.Uint64N(1024) >= n {
		return false
	}
	p.world.plan.hits[k]++
	return true
}

// tire counts a call of p; it may come to a fault of its own, or take long.
func (p *Proc) tire() {
	p.made++
	for len(p.triggers) > 0 {
		i := slices.IndexFunc(p.triggers, func(t trigger) bool { return t.nth <= p.made })
		if i < 0 {
			break
		}
		do := p.triggers[i].do
		p.triggers = slices.Delete(p.triggers, i, i+1)
		do()
	}
	if p.chance(Slow) {
		p.pause(1 + time.Duration(p.world.rand.Int64N(int64(p.slow))))
	}
}

// suffered notes what a call came to because of a fault around it.
func (p *Proc) suffered(c fault.Call, e sys.Errno, value int) {
	hits := &p.world.plan.hits
	switch {
	case e == syscall.EMFILE && p.odds[Files] > 0:
		hits[Files]++
	case p.world.plan.late && (e == syscall.ECONNREFUSED || c == fault.Sockopt && sys.Errno(value) == syscall.ECONNREFUSED):
		hits[Late]++
	}
}
