//go:build unix

package sim_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
)

// stall is what a market has for one kind of endpoint.
type stall struct {
	name string
	near bool // its visitors live on the host of the market
	open func(k *keeper) error
	// visit is a whole visit; its error is only told.
	visit func(v *visitor) error
}

// stalls are all there are.
func stalls() []stall {
	return []stall{
		{"datagrams", false, openDatagrams, askDatagrams},
		{"unix datagrams", true, openUnixDatagrams, askUnixDatagrams},
		{"streams", false, openStreams, talkToStreams},
		{"names", false, openNothing, talkByName},
		{"broker", false, openBroker, talkThroughABroker},
		{"messages", false, openMessages, sendMessages},
		{"descriptors", true, openDescriptors, passDescriptors},
	}
}

// market is a world in which a process keeps all stalls, and visitors go from one
// to another, under a plan.
type market struct {
	w        *sim.World
	rand     *rand.Rand
	plan     sim.Plan
	hosts    []*sim.Host
	keeper   *sim.Proc
	lost     error // why the stalls were closed before the evening
	opened   bool
	visitors []*visitor
	bytes    int64
	asked    [][][]byte // datagrams by the number of their asker and their own
}

// TestSocketSeeds is TestSeeds for every kind of endpoint.
func TestSocketSeeds(t *testing.T) {
	crowds := func(k sim.Kind) bool { return k == sim.Backlog } // which TestSeeds has
	sweep(t, hold, crowds)
}

// hold holds the market of a seed.
func hold(seed uint64, plan sim.Plan, log io.Writer) (o outcome) {
	m := &market{w: sim.New(seed), rand: rand.New(rand.NewPCG(seed, 2)), plan: packed(seed, plan)}
	defer m.w.Close()
	m.w.SetLog(log)
	m.w.Watch(oracle.All()...)
	m.w.Watch(oracle.Buffers(1 << 20))
	m.w.Inject(m.plan)
	m.hosts = []*sim.Host{m.w.Host("10.0.0.1", "fd00::1"), m.w.Host("10.0.0.2", "fd00::2")}
	if m.rand.IntN(3) == 0 {
		m.hosts[1] = m.hosts[0]
	}
	m.w.Name("market.example", sim.Answer{Addrs: []string{"10.0.0.9", "10.0.0.1"}}, sim.Answer{Addrs: []string{"fd00::9", "fd00::1"}})
	o.err = m.run()
	o.hash, o.hits, o.calls, o.bytes, o.unix = m.w.Hash(), m.w.Hits(), m.w.Calls(), m.bytes, m.near()
	return o
}

// packed has every other plan mean the calls of datagrams.
func packed(seed uint64, plan sim.Plan) sim.Plan {
	plan = slices.Clone(plan)
	for i := range plan {
		f := &plan[i]
		if (seed+uint64(i))%2 == 0 || f.Kind == sim.OneByte || f.Kind == sim.Half {
			continue
		}
		switch f.Call {
		case "Recvmsg":
			f.Call = "RecvPackets"
		case "Sendmsg":
			f.Call = "SendPackets"
		}
	}
	return plan
}

// near tells whether everybody lives on one host.
func (m *market) near() bool { return m.hosts[0] == m.hosts[1] }

// run is the day, as that of a party is.
func (m *market) run() error {
	m.keeper = m.hosts[0].Go("server", m.keep)
	if benign(m.plan) {
		if err := m.w.RunUntil(m.open); err != nil {
			return err
		}
	}
	for range 1 + m.rand.IntN(4) {
		m.invite(1 + m.rand.IntN(4))
	}
	trouble := m.w.Elapsed() + time.Duration(m.rand.Int64N(int64(20*time.Second)))
	m.w.After(trouble, func() {})
	if err := m.w.RunUntil(func() bool { return m.gone() || m.w.Elapsed() > trouble }); err != nil {
		return err
	}
	return errors.Join(m.step("the visitors end", m.gone), m.last(), m.close(), m.judge())
}

// open tells whether the stalls are open, or never will be.
func (m *market) open() bool { return m.opened || m.keeper.Exited() }

func (m *market) gone() bool {
	return !slices.ContainsFunc(m.visitors, func(v *visitor) bool { return !v.proc.Exited() })
}

// step is a part of the day that has to come to its end.
func (m *market) step(name string, done func() bool) error {
	if err := oracle.Settles(m.w, 10*time.Minute, done); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// last is a visitor of every stall for whom nothing goes wrong any more.
func (m *market) last() error {
	if err := m.step("the market opens", m.open); err != nil || m.keeper.Exited() {
		return err
	}
	v := m.invite(0)
	if err := m.step("the last visitor ends", m.gone); err != nil {
		return err
	}
	if v.err != nil {
		return fmt.Errorf("the last visitor: %w", v.err)
	}
	return nil
}

func (m *market) close() error {
	if !m.keeper.Exited() {
		m.keeper.Signal(syscall.SIGTERM)
	}
	return m.step("the market closes", m.keeper.Exited)
}

// judge is what can be said at the end.
func (m *market) judge() error {
	if m.opened && m.lost != nil {
		return fmt.Errorf("the market was closed: %w", m.lost)
	}
	if !benign(m.plan) {
		return nil
	}
	err := m.lost
	for _, v := range m.visitors {
		err = errors.Join(err, v.err)
	}
	return err
}

// keeper keeps the stalls until the evening.
type keeper struct {
	tevent.Op[tevent.None]
	ev *tevent.Context
}

// keep is the keeper's process.
func (m *market) keep(ev *tevent.Context) {
	k := &keeper{ev: ev}
	k.Start(ev, "keeper")
	tevent.NextSignal(ev, syscall.SIGTERM).Then(k, func(os.Signal) { k.Done(tevent.None{}) })
	for _, s := range stalls() {
		if err := s.open(k); k.Fail(err) {
			break
		}
	}
	m.opened = k.InProgress()
	_, m.lost = tevent.Wait(ev, k.Req())
}

// tend has a server work until the evening.
func (k *keeper) tend(r tevent.Req[tevent.None]) { r.Then(k, func(tevent.None) {}) }

// visitor goes from stall to stall.
type visitor struct {
	market *market
	ev     *tevent.Context
	name   string
	rand   *rand.Rand
	stalls []stall
	proc   *sim.Proc
	err    error
}

// invite starts a visitor of n stalls, or of all.
func (m *market) invite(n int) *visitor {
	v := &visitor{market: m, name: fmt.Sprint("visitor", len(m.visitors)), rand: rand.New(rand.NewPCG(m.rand.Uint64(), 3))}
	all := slices.DeleteFunc(stalls(), func(s stall) bool { return s.near && !m.near() })
	v.stalls = all
	if n > 0 {
		v.stalls = nil
		for range n {
			v.stalls = append(v.stalls, all[v.rand.IntN(len(all))])
		}
	}
	m.visitors = append(m.visitors, v)
	v.proc = m.hosts[1].Go("client", v.walk)
	return v
}

// walk is the visitor's process.
func (v *visitor) walk(ev *tevent.Context) {
	v.ev = ev
	for _, s := range v.stalls {
		if err := s.visit(v); err != nil {
			v.err = errors.Join(v.err, fmt.Errorf("%s: %s: %w", v.name, s.name, err))
		}
	}
}

// wrong reports what no fault excuses.
func (v *visitor) wrong(format string, args ...any) {
	v.market.w.Violate(fmt.Errorf(v.name+": "+format, args...))
}

// text is n bytes of chance.
func (v *visitor) text(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(v.rand.Uint32())
	}
	return b
}
