package tsocket

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// ResolverConfig is how a Resolver looks names up; the zero value is Resolve's.
type ResolverConfig struct {
	// TTL is how long an answer is kept; 0 keeps none. Failures are never kept.
	TTL time.Duration
	// Names is how many names are kept, those first asked for last; 0 stands for 1000.
	Names int
	// Network is which addresses are asked for: "ip4", "ip6", or "ip" for both, as is
	// "".
	Network string
}

// Resolver looks host names up and may keep the answers. It is owned by the loop
// of its context.
type Resolver struct {
	ev     *tevent.Context // immutable
	config ResolverConfig  // immutable
	kept   map[question]answer
	order  []question // of kept, as they were first asked
}

// question is what was asked.
type question struct{ network, host string }

// answer is what is kept of it.
type answer struct {
	addrs []netip.Addr
	until time.Time
}

// NewResolver returns a Resolver on ev.
func NewResolver(ev *tevent.Context, c ResolverConfig) *Resolver {
	if c.Network == "" {
		c.Network = "ip"
	}
	return &Resolver{ev: ev, config: c, kept: map[question]answer{}}
}

// Resolve completes with the addresses of "host:port", in the order in which they
// should be tried (RFC 6724, as the system's resolver has it): "example.org:80",
// "[::1]:80". The port is a number. What is an address already, a unix one too, is
// answered without asking anybody. A cancel and the deadline reach the question.
//
// Errors: EINVAL for what has no such form; otherwise a *net.DNSError, whose
// IsNotFound, IsTemporary and IsTimeout tell what it was.
func Resolve(ev *tevent.Context, address string) tevent.Req[[]Address] {
	return NewResolver(ev, ResolverConfig{}).Resolve(address)
}

// resolveOp is a Resolve under way.
type resolveOp struct {
	tevent.Op[[]Address]
	port uint16
}

// Resolve is the package's Resolve with this configuration.
func (r *Resolver) Resolve(address string) tevent.Req[[]Address] {
	o := &resolveOp{}
	o.Start(r.ev, "resolve")
	if a, err := ParseAddress(address); err == nil {
		o.Done([]Address{a})
		return o.Req()
	}
	host, port, err := splitName(address)
	if o.Fail(opError("resolve", Address{}, Address{}, err)) {
		return o.Req()
	}
	o.port = port
	r.lookup(r.config.Network, host).Handle(o, o.found)
	return o.Req()
}

func (o *resolveOp) found(addrs []netip.Addr, err error) {
	o.Finish(withPort(addrs, o.port), opError("resolve", Address{}, Address{}, err))
}

// withPort is addrs as endpoints.
func withPort(addrs []netip.Addr, port uint16) []Address {
	out := make([]Address, len(addrs))
	for i, a := range addrs {
		out[i] = Inet(netip.AddrPortFrom(a.Unmap(), port))
	}
	return out
}

// splitName takes "host:port" apart.
func splitName(s string) (host string, port uint16, err error) {
	host, digits, err := net.SplitHostPort(s)
	n := uint64(0)
	if err == nil {
		n, err = strconv.ParseUint(digits, 10, 16)
	}
	if err == nil && host == "" {
		err = errors.New("no host")
	}
	if err != nil {
		return "", 0, fmt.Errorf("address %q: %w", s, errors.Join(syscall.EINVAL, err))
	}
	return host, uint16(n), nil
}

// lookup asks the system, unless the answer is kept.
func (r *Resolver) lookup(network, host string) tevent.Req[[]netip.Addr] {
	q := question{network, strings.ToLower(host)}
	l := &lookupOp{r: r, q: q}
	l.Start(r.ev, "lookup")
	if a, ok := r.kept[q]; ok && r.ev.Now().Before(a.until) {
		l.Done(a.addrs)
		return l.Req()
	}
	tevent.Lookup(r.ev, network, host).Then(l, l.answered)
	return l.Req()
}

// lookupOp is a question to the system whose answer may be kept.
type lookupOp struct {
	tevent.Op[[]netip.Addr]
	r *Resolver
	q question
}

func (l *lookupOp) answered(addrs []netip.Addr) {
	if l.r.config.TTL > 0 {
		l.r.keep(l.q, addrs)
	}
	l.Done(addrs)
}

// keep keeps an answer, and forgets the oldest beyond the bound.
func (r *Resolver) keep(q question, addrs []netip.Addr) {
	if _, ok := r.kept[q]; !ok {
		r.order = append(r.order, q)
	}
	r.kept[q] = answer{addrs, r.ev.Now().Add(r.config.TTL)}
	for len(r.order) > orDefault(r.config.Names, 1000) {
		delete(r.kept, r.order[0])
		r.order = r.order[1:]
	}
}
