package tevent

import "net/netip"

// lookup waits for an answer about a name.
type lookup struct {
	Op[[]netip.Addr]
	give func() // gives the question up
	over bool   // what is answered is nobody's
}

// Lookup asks the system for the addresses of a host name, on the pool of
// Offload, and completes with them in the order of preference. network is "ip4" or
// "ip6", or "ip" for both. A cancel and the deadline end the request at once and
// reach the question. tsocket.Resolve is what programs use.
//
// Errors: *net.DNSError for most, whose IsNotFound, IsTemporary and IsTimeout
// tell what it was. In a simulated world it is asked about its names.
func Lookup(ev *Context, network, host string) Req[[]netip.Addr] {
	l := &lookup{}
	l.Start(ev, "lookup")
	l.give = ev.host.Lookup(network, host, func(addrs []netip.Addr, err error) {
		ev.Post(func() { l.answered(addrs, err) })
	})
	l.SetCancel(func(cause error) bool {
		l.over = true
		l.give()
		return l.Fail(cause)
	})
	return l.Req()
}

func (l *lookup) answered(addrs []netip.Addr, err error) {
	if !l.over {
		l.over = true
		l.Finish(addrs, err)
	}
}
