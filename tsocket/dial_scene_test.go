//go:build unix

package tsocket_test

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tsocket"
)

// scenario is a world in which somebody dials, and what has to come of it.
type scenario struct {
	name     string
	address  string // "" is server.example:80
	ip4, ip6 sim.Answer
	serves   []string // addresses with a server; the others refuse
	silent   []string // addresses that do not answer
	late     string   // one that does not before it has been asked for 900 ms
	client   []string // addresses of the client; nil: one of each family
	config   tsocket.DialConfig
	timeout  time.Duration // 0: none

	attempts []attempt
	won      string        // the server's address; "" if it fails
	took     time.Duration // until the outcome, at least; some milliseconds more at most
	errs     []error       // that are in the failure
}

// attempt is one connect: how long after the begin, and where to.
type attempt struct {
	after time.Duration
	to    string
}

// actor is what a test does to a scenario, beside looking on.
type actor struct {
	seed uint64
	plan sim.Plan
	act  func(ev *tevent.Context, r tevent.Req[*tsocket.Stream])
	log  io.Writer
}

// dialled is what came of a scenario.
type dialled struct {
	w        *sim.World
	from     time.Duration // when it began
	attempts []attempt
	won      string
	took     time.Duration
	err      error
	told     error       // what an oracle says, or the world
	calls    []sim.Calls // of the kernel, by the client
}

// dial plays the scenario for a client, of whom nothing may be left in the end.
func (c *scenario) dial(a actor) *dialled {
	d := &dialled{w: sim.New(cmp.Or(a.seed, 1))}
	defer d.w.Close()
	d.w.SetLog(a.log)
	d.w.Watch(oracle.All()...)
	d.w.Watch(d)
	here := d.furnish(c)
	d.from = d.w.Elapsed()
	client := here.Go("client", func(ev *tevent.Context) { d.client(c, ev, a) })
	d.told = errors.Join(d.told, d.w.RunUntil(client.Exited))
	for _, n := range d.w.Calls() {
		if n.Proc == "client" {
			d.calls = append(d.calls, n)
		}
	}
	return d
}

// furnish makes the hosts, and starts the servers.
func (d *dialled) furnish(c *scenario) (here *sim.Host) {
	own := c.client
	if own == nil {
		own = []string{"10.0.0.1", "fd00::1"}
	}
	here = d.w.Host(own...)
	d.w.Name("server.example", c.ip4, c.ip6)
	hosts := map[string]*sim.Host{}
	for _, addr := range slices.Concat(c.ip6.Addrs, c.ip4.Addrs, c.serves, c.silent) {
		if hosts[addr] == nil {
			hosts[addr] = d.w.Host(addr)
		}
	}
	for _, addr := range c.serves {
		hosts[addr].Go("server", func(ev *tevent.Context) { serve80(ev, addr) })
	}
	d.told = d.w.RunFor(time.Second)
	silence := func(addrs ...string) {
		for _, addr := range addrs {
			if addr != "" {
				d.w.Partition(here, hosts[addr])
			}
		}
	}
	silence(c.silent...)
	silence(c.late)
	d.w.After(900*time.Millisecond, func() {
		d.w.Heal()
		silence(c.silent...)
	})
	return here
}

// serve80 accepts for ever.
func serve80(ev *tevent.Context, addr string) {
	a, err := tsocket.ParseAddress("[" + addr + "]:80")
	if err != nil {
		a, err = tsocket.ParseAddress(addr + ":80")
	}
	if err != nil {
		panic(err)
	}
	l, err := tsocket.Listen(ev, a)
	if err != nil {
		panic(err)
	}
	for {
		s, err := tevent.Wait(ev, l.Accept())
		if err != nil {
			panic(err)
		}
		s.Close()
	}
}

func (d *dialled) client(c *scenario, ev *tevent.Context, a actor) {
	d.w.Inject(a.plan)
	r := c.config.Dial(ev, cmp.Or(c.address, "server.example:80"))
	if c.timeout > 0 {
		r.SetTimeout(c.timeout)
	}
	if a.act != nil {
		a.act(ev, r)
	}
	s, err := tevent.Wait(ev, r)
	d.took = d.w.Elapsed() - d.from
	d.w.Calm()
	if d.err = err; err == nil {
		d.won = s.RemoteAddr().AddrPort().Addr().String()
		d.told = errors.Join(d.told, s.Close())
	}
}

// Saw notes the connects of the client.
func (d *dialled) Saw(e *sim.Event) error {
	if e.Moment == sim.Called && e.Call == "Connect" {
		d.attempts = append(d.attempts, attempt{e.At - d.from, e.Peer.Addr().String()})
	}
	return nil
}
