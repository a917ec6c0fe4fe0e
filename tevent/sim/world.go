package sim

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/tsocket-go/tsocket/tevent/sim/internal/kernel"
)

// World is a number of processes on a number of hosts, with a network between
// them and a clock that moves only when nothing else can happen. All its
// chance comes from one seed. A World is used by one goroutine at a time, and
// each World is independent of all others.
type World struct {
	seed    uint64
	net     *kernel.Net
	birth   int64      // the network's clock at the start
	rand    *rand.Rand // of the order of processes and of how long calls take
	hosts   []*Host
	procs   []*Proc // that live, in order of creation
	all     []*Proc // that ever lived
	pace    pace
	until   int64 // when the present run gives up control
	calls   int   // that were made, ever
	enough  int   // how many there are when the present run gives up
	running *Proc // nil while the world itself runs
	told    error // the first violation
	oracles []Oracle
	rec     recorder
	plan    inForce
	cuts    []*cut
	names   names
	closed  bool
}

// pace is how the processes of a world run; it is drawn, so that worlds differ.
type pace struct {
	cost    uint64 // nanoseconds that a call takes at most
	preempt uint64 // of 1024 calls that let another process run first
}

// New returns a world without hosts. Close ends what is still in it then; Test
// does that by itself.
func New(seed uint64) *World {
	w := &World{
		seed: seed,
		net:  kernel.New(seed),
		rand: rand.New(rand.NewPCG(seed, 0x7363686564)),
	}
	w.net.CallCost = 0 // drawn, in calls.begin
	w.birth = w.net.Now()
	w.pace.cost = 1 << (7 + w.rand.Uint64N(9))
	w.pace.preempt = [...]uint64{0, 16, 64, 256}[w.rand.Uint64N(4)]
	w.rec = recorder{w: w, hash: seed}
	return w
}

// Seed is the seed that the world was made of.
func (w *World) Seed() uint64 { return w.seed }

// Elapsed is the virtual time since the start.
func (w *World) Elapsed() time.Duration { return time.Duration(w.net.Now() - w.birth) }

// Host adds a host with IP addresses of its own; every host has 127.0.0.1 and
// ::1 too. All hosts reach each other. A host has 64 ephemeral ports, so that they
// run out in tests. It panics on what is no IP address, and on that of another host.
func (w *World) Host(addrs ...string) *Host {
	list := make([]netip.Addr, len(addrs))
	for i, a := range addrs {
		list[i] = netip.MustParseAddr(a)
		if slices.ContainsFunc(w.hosts, func(h *Host) bool { return slices.Contains(h.net.Addrs(), list[i]) }) {
			panic("sim: " + a + " is the address of another host")
		}
	}
	h := &Host{world: w, net: w.net.Host(list...)}
	w.hosts = append(w.hosts, h)
	for _, f := range w.plan.faults {
		w.furnish(h, f)
	}
	return h
}

// After calls f when d of virtual time has passed, between two calls of
// whatever process runs then. f may act on the world and its processes, but
// not run it.
func (w *World) After(d time.Duration, f func()) { w.net.At(w.net.Now()+int64(max(d, 0)), f) }

// Close kills the processes that still live; a closed world does not run any
// more.
func (w *World) Close() {
	w.closed = true
	for len(w.procs) > 0 {
		p := w.procs[len(w.procs)-1]
		p.kill()
		w.resume(p)
	}
}

// Violate ends the present run with err, as an oracle's verdict does. The
// first verdict is the one that counts.
func (w *World) Violate(err error) {
	if err == nil || w.told != nil {
		return
	}
	w.rec.remark("violation: ", err.Error())
	who := ""
	if p := w.running; p != nil {
		who = p.String() + ": "
	}
	w.told = fmt.Errorf("after %v: %s%w", w.Elapsed(), who, err)
}
