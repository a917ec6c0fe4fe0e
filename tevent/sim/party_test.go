package sim_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tsocket"
)

// party is a world in which clients negotiate with a server, send it a file,
// get it back, and say goodbye, under a plan.
type party struct {
	w       *sim.World
	rand    *rand.Rand
	plan    sim.Plan
	addr    tsocket.Address
	unix    bool
	hosts   []*sim.Host
	server  *sim.Proc
	lost    error // why the server ended before it was told to
	clients []*client
	agree   oracle.Agreement
	pairs   oracle.Pairing

	listening bool
}

// outcome is how a party went.
type outcome struct {
	hash  uint64
	hits  []int
	bytes int64
	unix  bool
	calls []sim.Calls
	err   error
}

// drawPlan is the plan of a seed; one of 16 worlds has none, and in four of 16
// nothing happens that a good program does not outlive.
func drawPlan(seed uint64) sim.Plan {
	plan := sim.Draw(seed, "server", "client")
	switch seed % 16 {
	case 0:
		return nil
	case 1, 2, 3, 4:
		return slices.DeleteFunc(plan, func(f sim.Fault) bool { return !mild(f, plan) })
	}
	return plan
}

// play runs the party of a seed under a plan. log may be nil.
func play(seed uint64, plan sim.Plan, log io.Writer) (o outcome) {
	p := &party{w: sim.New(seed), rand: rand.New(rand.NewPCG(seed, 1)), plan: plan}
	defer p.w.Close()
	p.w.SetLog(log)
	p.w.Watch(oracle.All()...)
	p.w.Watch(oracle.Buffers(1<<20), p)
	p.w.Inject(plan)
	p.settle()
	o.err = p.run()
	o.hash, o.hits, o.unix, o.calls = p.w.Hash(), p.w.Hits(), p.unix, p.w.Calls()
	for _, c := range p.clients {
		o.bytes += 2 * c.bytes.Count()
	}
	return o
}

// settle draws where everybody lives.
func (p *party) settle() {
	p.hosts = []*sim.Host{p.w.Host("10.0.0.1"), p.w.Host("10.0.0.2")}
	if p.rand.IntN(3) == 0 {
		p.hosts[1] = p.hosts[0]
	}
	addrs := []string{"10.0.0.1:7007", "127.0.0.1:7007", "unix:/run/server", "unix:@server"}
	if p.hosts[0] != p.hosts[1] {
		addrs = addrs[:1]
	}
	addr := addrs[p.rand.IntN(len(addrs))]
	p.unix = addr[0] == 'u'
	p.addr, _ = tsocket.ParseAddress(addr)
}

// run is the day: clients come while things go wrong, then everything has to
// come to rest, one more client is served well, and the server drains.
func (p *party) run() error {
	p.server = p.hosts[0].Go("server", p.serve)
	if benign(p.plan) { // who comes too early is refused
		if err := p.w.RunUntil(p.open); err != nil {
			return err
		}
	}
	for range 1 + p.rand.IntN(4) {
		p.invite("client")
	}
	trouble := p.w.Elapsed() + time.Duration(p.rand.Int64N(int64(20*time.Second)))
	over := func() bool { return p.gone() || p.w.Elapsed() > trouble }
	p.w.After(trouble, func() {})
	if err := p.w.RunUntil(over); err != nil {
		return err
	}
	return errors.Join(
		p.step("the clients end", p.gone),
		p.last(),
		p.drain(),
		p.judge(),
	)
}

// invite starts a client.
func (p *party) invite(name string) *client {
	bits := 4 + p.rand.IntN(11)
	if has(p.plan, sim.OneByte) || has(p.plan, sim.Buffers) {
		bits = min(bits, 10) // a call for each byte or few
	}
	file := make([]byte, 1+p.rand.IntN(1<<bits))
	for i := range file {
		file[i] = byte(p.rand.Uint32())
	}
	c := &client{party: p, name: fmt.Sprintf("%s%d", name, len(p.clients)), file: file, pings: p.rand.IntN(4)}
	p.clients = append(p.clients, c)
	c.proc = p.hosts[1].Go("client", c.run)
	return c
}

// open tells whether the server listens, or never will.
func (p *party) open() bool { return p.listening || p.server.Exited() }

// met notes whom the server accepted. A client whose connection was lost comes
// again, unless nothing is ever lost.
func (p *party) met(name string) {
	if err := p.pairs.Accepted(name); benign(p.plan) {
		p.w.Violate(err)
	}
}

// lingering is what a process may take beyond its last request.
const lingering = 1600 * time.Millisecond

// Saw judges that nothing holds up the end of a client.
func (p *party) Saw(e *sim.Event) error {
	if e.Moment != sim.Exits || len(p.plan) > 0 {
		return nil
	}
	for _, c := range p.clients {
		if d := e.At - c.ended; c.proc == e.Proc && d > lingering {
			return fmt.Errorf("%v ended %v after its last request", e.Proc, d)
		}
	}
	return nil
}

func (p *party) gone() bool {
	return !slices.ContainsFunc(p.clients, func(c *client) bool { return !c.proc.Exited() })
}

// step is a part of the day that has to come to its end.
func (p *party) step(name string, done func() bool) error {
	if err := oracle.Settles(p.w, 2*time.Minute, done); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// last is a client for whom nothing goes wrong any more.
func (p *party) last() error {
	if err := p.step("the server listens", p.open); err != nil || p.server.Exited() {
		return err
	}
	c := p.invite("last")
	if err := p.step("the last client ends", p.gone); err != nil {
		return err
	}
	if c.err != nil {
		return fmt.Errorf("the last client: %w", c.err)
	}
	return nil
}

func (p *party) drain() error {
	if !p.server.Exited() {
		p.server.Signal(syscall.SIGTERM)
	}
	return p.step("the server ends", p.server.Exited)
}

// judge is what can be said at the end.
func (p *party) judge() error {
	if p.listening && p.lost != nil {
		return fmt.Errorf("the server has lost its listener: %w", p.lost)
	}
	if !benign(p.plan) {
		return errors.Join(p.agree.Check(false), p.pairs.Check(false))
	}
	err := errors.Join(p.agree.Check(true), p.pairs.Check(true), p.lost)
	for _, c := range p.clients {
		if c.err != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", c.name, c.err))
		}
	}
	return err
}
