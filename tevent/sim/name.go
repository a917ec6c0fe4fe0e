package sim

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Answer is what a look-up of a name comes to, for one family of addresses.
type Answer struct {
	Addrs []string      // in the order in which they are told
	After time.Duration // how long it takes; 0: a time that is drawn, below a millisecond
	Lost  bool          // it never comes
	Err   error         // instead of addresses
}

// names are what the look-ups of a world know, by family and name.
type names map[string]Answer

// Name has every process of the world find the addresses of a host name from now
// on: those of IPv4 and those of IPv6. A name without any, and one that
// nobody has given, does not exist: that is a *net.DNSError with IsNotFound. It
// panics on what is no IP address.
func (w *World) Name(host string, ip4, ip6 Answer) {
	if w.names == nil {
		w.names = names{}
	}
	for network, a := range [...]Answer{ip4, ip6} {
		for _, s := range a.Addrs {
			netip.MustParseAddr(s)
		}
		w.names[[...]string{"ip4 ", "ip6 "}[network]+strings.ToLower(host)] = a
	}
}

// Lookup answers from the names of the world. An answer for both families is there
// when both are.
func (s *system) Lookup(network, host string, f func([]netip.Addr, error)) (stop func()) {
	w := s.p.world
	w.rec.note("%s looks up %s %s", s.p, network, host)
	parts := []string{network}
	if network == "ip" {
		parts = []string{"ip6", "ip4"}
	}
	var addrs []netip.Addr
	var failed error
	var after time.Duration
	for _, part := range parts {
		a := w.answer(part, host)
		if a.Lost {
			return func() {}
		}
		after = max(after, a.After)
		for _, x := range a.Addrs {
			addrs = append(addrs, netip.MustParseAddr(x))
		}
		if failed == nil {
			failed = a.Err
		}
	}
	if len(addrs) > 0 {
		failed = nil
	}
	return s.After(after, func() {
		w.rec.note("%s is told of %s %s: %v %v", s.p, network, host, addrs, failed != nil)
		f(slices.Clone(addrs), failed)
	})
}

// answer is that of one family.
func (w *World) answer(network, host string) Answer {
	a := w.names[network+" "+strings.ToLower(host)]
	if a.After == 0 {
		a.After = time.Duration(w.rand.Int64N(int64(slowest)))
	}
	if a.Err == nil && len(a.Addrs) == 0 {
		a.Err = &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return a
}
