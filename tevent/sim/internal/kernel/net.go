package kernel

import (
	"math/rand/v2"
	"net/netip"
	"time"
)

// Net is everything below the processes: the clock, the agenda of what is
// going to happen, hosts and the links between them. It is owned by the
// goroutine that runs the world.
type Net struct {
	// CallCost is what each call of a process takes, in nanoseconds.
	CallCost int64
	// Links is what a link is when it is first used.
	Links Link
	// Limits is what a host has when it is made.
	Limits Limits
	// UnreachableAfter is how long a connection to an address that nobody has
	// takes to fail, in nanoseconds.
	UnreachableAfter int64

	now        int64
	agenda     agenda
	seed       uint64
	rand       *rand.Rand
	hosts      []*Host
	at         map[netip.Addr]*Host // looked up only
	nats       map[netip.Addr]*nat  // by public address; looked up only
	procs      int                  // that were ever made
	grams      []*datagram          // spare
	counts     Counts
	flying     []*file // unix sockets that messages hold
	collecting bool
}

// birth is the clock of a new Net: some hour, so that nothing depends on zero.
const birth = int64(7 * time.Hour)

// genesis is the instant at which the clock of every process was 0.
var genesis = time.Date(2031, time.March, 9, 4, 0, 0, 0, time.UTC)

// New returns a Net without hosts. All its chance comes from seed.
func New(seed uint64) *Net {
	return &Net{
		CallCost:         300,
		Links:            DefaultLink(),
		Limits:           DefaultLimits(),
		UnreachableAfter: int64(3 * time.Second),
		now:              birth,
		seed:             seed,
		rand:             rand.New(rand.NewPCG(seed, 0x6b65726e656c)),
		at:               map[netip.Addr]*Host{},
		nats:             map[netip.Addr]*nat{},
	}
}

// Now is the clock in nanoseconds.
func (n *Net) Now() int64 { return n.now }

// Rand is the source of the network's chance. What the world draws from it
// changes what the network does.
func (n *Net) Rand() *rand.Rand { return n.rand }

// At has f called at when, or next if that has passed; equal times come in
// order of creation. cancel takes it back.
func (n *Net) At(when int64, f func()) (cancel func()) {
	t := &timer{do: call(f)}
	n.agenda.set(t, when)
	return func() { n.agenda.drop(t) }
}

// Next is the time of the first thing on the agenda, if there is any.
func (n *Net) Next() (at int64, ok bool) {
	if len(n.agenda.nodes) == 0 {
		return 0, false
	}
	return max(n.agenda.nodes[0].at, n.now), true
}

// Step moves the clock to the first thing on the agenda and does it. It
// reports false when there is none.
func (n *Net) Step() bool {
	if len(n.agenda.nodes) == 0 {
		return false
	}
	n.now = max(n.now, n.agenda.nodes[0].at)
	n.agenda.pop().do.happen()
	return true
}

// Advance does all that is due until to and moves the clock there. It may be
// called by what happens.
func (n *Net) Advance(to int64) {
	for len(n.agenda.nodes) > 0 && n.agenda.nodes[0].at <= to {
		n.Step()
	}
	n.now = max(n.now, to)
}

// after puts t on the agenda in d nanoseconds.
func (n *Net) after(t *timer, d int64) { n.agenda.set(t, n.now+d) }

// chance is true with probability p.
func (n *Net) chance(p float64) bool { return p > 0 && n.rand.Float64() < p }
