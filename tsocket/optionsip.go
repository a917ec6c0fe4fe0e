package tsocket

// V6Only is IPV6_V6ONLY: a socket of IPv6 does not serve IPv4 as well.
func (o Options) V6Only() (bool, error) { return o.flag("IPV6_V6ONLY") }

// SetV6Only changes V6Only, before the socket has an address.
func (o Options) SetV6Only(on bool) error { return o.setFlag("IPV6_V6ONLY", on) }

// TTL is over how many routers a packet may go (IP_TTL, IPV6_UNICAST_HOPS).
func (o Options) TTL() (int, error) { return o.number(o.family("IP_TTL", "IPV6_UNICAST_HOPS")) }

// SetTTL changes TTL: 1 to 255.
func (o Options) SetTTL(hops int) error {
	return o.setNumber(o.family("IP_TTL", "IPV6_UNICAST_HOPS"), hops)
}

// MulticastTTL is over how many routers a multicast datagram may go; 1 at first,
// which is none (IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS).
func (o Options) MulticastTTL() (int, error) {
	return o.number(o.family("IP_MULTICAST_TTL", "IPV6_MULTICAST_HOPS"))
}

// SetMulticastTTL changes MulticastTTL: 0, which keeps datagrams on the host, to
// 255.
func (o Options) SetMulticastTTL(hops int) error {
	return o.setNumber(o.family("IP_MULTICAST_TTL", "IPV6_MULTICAST_HOPS"), hops)
}

// MulticastLoop is whether multicast datagrams come to members on this host too
// (IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP); they do at first.
func (o Options) MulticastLoop() (bool, error) {
	return o.flag(o.family("IP_MULTICAST_LOOP", "IPV6_MULTICAST_LOOP"))
}

// SetMulticastLoop changes MulticastLoop.
func (o Options) SetMulticastLoop(on bool) error {
	return o.setFlag(o.family("IP_MULTICAST_LOOP", "IPV6_MULTICAST_LOOP"), on)
}

// family is the option's name for the socket's family.
func (o Options) family(four, six string) string {
	if o.of.isIPv6() {
		return six
	}
	return four
}
