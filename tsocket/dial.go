package tsocket

import (
	"cmp"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// What RFC 8305 recommends, and the least it allows.
const (
	attemptDelay      = 250 * time.Millisecond
	leastAttemptDelay = 10 * time.Millisecond
	resolutionDelay   = 50 * time.Millisecond
)

// DialConfig is how Dial comes to a connection; the zero value is Dial's.
type DialConfig struct {
	// Local is where to connect from, as in ConnectFrom; addresses of the other
	// family are left out.
	Local Address
	// Resolver looks the names up; nil is one that keeps no answers.
	Resolver *Resolver
	// AttemptDelay is how long an attempt goes on before the next address is tried
	// beside it: 0 stands for 250 ms, the least is 10 ms.
	AttemptDelay time.Duration
	// ResolutionDelay is how long addresses of the second family wait for those of
	// the first: 0 stands for 50 ms, a negative one for no time.
	ResolutionDelay time.Duration
	// IPv4First tries IPv4 first, not IPv6.
	IPv4First bool
}

// Dial opens a stream to "host:port", or to what ParseAddress reads, by Happy
// Eyeballs (RFC 8305): the addresses of both families are asked for at the same
// time and tried in turns, IPv6 first, the next one whenever an attempt fails or
// 250 ms have passed. The first connection wins, the other attempts are ended.
// The port is a number. A cancel and the deadline end whatever is under way.
//
// Errors: EINVAL for an address of no such form; otherwise what each name server
// and each address said, all of which errors.Is and errors.As find: *net.DNSError
// and the *net.OpError of Connect.
func Dial(ev *tevent.Context, address string) tevent.Req[*Stream] {
	return DialConfig{}.Dial(ev, address)
}

// Dial is the package's Dial with this configuration.
func (c DialConfig) Dial(ev *tevent.Context, address string) tevent.Req[*Stream] {
	d := &dialOp{ev: ev, c: c.complete(ev), last: second}
	d.Start(ev, "dial")
	d.SetCancel(func(cause error) bool { return d.fail(cause) })
	d.SetCleanup(func(tevent.State) { d.stop() })
	d.SetRelease(func(s *Stream) { s.Close() })
	d.more.Init(ev, d.begin)
	d.next.Init(ev, d.attempt)
	if a, err := ParseAddress(address); err == nil {
		d.addrs[first] = []Address{a}
		d.begin()
		return d.Req()
	}
	host, port, err := splitName(address)
	if err != nil {
		d.fail(err)
		return d.Req()
	}
	d.port = port
	for f := range d.addrs {
		d.look(family(f), host)
	}
	return d.Req()
}

// complete puts in what is not said.
func (c DialConfig) complete(ev *tevent.Context) DialConfig {
	if c.Resolver == nil {
		c.Resolver = NewResolver(ev, ResolverConfig{})
	}
	c.AttemptDelay = max(cmp.Or(c.AttemptDelay, attemptDelay), leastAttemptDelay)
	c.ResolutionDelay = cmp.Or(c.ResolutionDelay, resolutionDelay)
	return c
}

// family is one of the two, in the order of preference.
type family int

const (
	first family = iota
	second
)

// network is how a look-up names it.
func (c DialConfig) network(f family) string {
	if (f == first) == c.IPv4First {
		return "ip4"
	}
	return "ip6"
}

// dialOp is a Dial under way.
type dialOp struct {
	tevent.Op[*Stream]
	ev       *tevent.Context
	c        DialConfig
	port     uint16
	looking  [2]bool      // a look-up is under way, by family
	addrs    [2][]Address // still to be tried, by family
	last     family       // of the youngest attempt
	begun    bool         // attempts are made
	attempts int          // under way
	more     tevent.Timer // the second family waits for the first
	next     tevent.Timer // the youngest attempt goes on alone until then
	errs     []error      // of names and addresses
}

// look asks for the addresses of a family, unless it is not wanted.
func (d *dialOp) look(f family, host string) {
	network, wanted := d.c.network(f), d.c.Resolver.config.Network
	if wanted != "ip" && wanted != network {
		return
	}
	d.looking[f] = true
	d.c.Resolver.lookup(network, host).Handle(d, func(addrs []netip.Addr, err error) { d.found(f, addrs, err) })
}

// found is the answer about one family.
func (d *dialOp) found(f family, addrs []netip.Addr, err error) {
	d.looking[f] = false
	d.addrs[f] = d.usable(withPort(addrs, d.port))
	if err != nil && !slices.ContainsFunc(d.errs, func(e error) bool { return e.Error() == err.Error() }) {
		d.errs = append(d.errs, err) // both families mostly fail alike
	}
	switch {
	case d.begun:
		if d.attempts == 0 || !d.next.Armed() {
			d.attempt()
		}
	case f == second && d.looking[first] && len(d.addrs[second]) > 0 && d.c.ResolutionDelay > 0:
		d.more.Reset(d.c.ResolutionDelay)
	case f == second && d.looking[first] && len(d.addrs[second]) == 0, f == first && len(d.addrs[first]) == 0 && d.looking[second]:
		// the other family's answer decides
	default:
		d.begin()
	}
}

// usable leaves out what Local cannot reach.
func (d *dialOp) usable(addrs []Address) []Address {
	local := d.c.Local.inet.Addr()
	if !local.IsValid() || local == netip.IPv6Unspecified() {
		return addrs
	}
	return slices.DeleteFunc(addrs, func(a Address) bool { return a.inet.Addr().Is4() != local.Is4() })
}

// begin makes the first attempt.
func (d *dialOp) begin() {
	d.more.Stop()
	d.begun = true
	d.attempt()
}

// attempt tries the next address beside those that are being tried.
func (d *dialOp) attempt() {
	d.next.Stop()
	a, ok := d.pick()
	if !ok {
		d.exhausted()
		return
	}
	d.attempts++
	ConnectFrom(d.ev, d.c.Local, a).Handle(d, d.connected)
	if len(d.addrs[first])+len(d.addrs[second]) > 0 || d.looking[first] || d.looking[second] {
		d.next.Reset(d.c.AttemptDelay)
	}
}

// pick takes the next address, in turns from both families.
func (d *dialOp) pick() (Address, bool) {
	f := 1 - d.last
	if len(d.addrs[f]) == 0 {
		f = d.last
	}
	if len(d.addrs[f]) == 0 {
		return Address{}, false
	}
	a := d.addrs[f][0]
	d.addrs[f], d.last = d.addrs[f][1:], f
	return a, true
}

// connected is the end of one attempt.
func (d *dialOp) connected(s *Stream, err error) {
	if err == nil {
		d.Done(s)
		return
	}
	d.attempts--
	d.errs = append(d.errs, err)
	d.attempt()
}

// exhausted is when there is no address to try: perhaps not yet.
func (d *dialOp) exhausted() {
	switch {
	case d.attempts > 0 || d.looking[first] || d.looking[second]:
	case len(d.errs) == 0:
		d.fail(syscall.EADDRNOTAVAIL) // Local leaves none
	default:
		d.fail(nil)
	}
}

// fail ends it, with what was said so far behind the cause, if there is one.
func (d *dialOp) fail(cause error) bool {
	return d.Fail(opError("dial", d.c.Local, Address{}, dialError(cause, d.errs)))
}

// stop ends the timers.
func (d *dialOp) stop() {
	d.more.Stop()
	d.next.Stop()
}
