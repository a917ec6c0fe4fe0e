package kernel

import "net/netip"

// nat makes the packets of the hosts behind it come from one public address.
// A port stands for one address within, whoever the packets go to; what comes
// to a port that stands for nothing is lost.
type nat struct {
	public netip.Addr
	host   []*Host
	tcp    []mapping
	udp    []mapping
	next   uint16 // the port of the next mapping
}

type mapping struct {
	port   uint16
	within netip.AddrPort
	host   *Host
}

// NAT puts hosts behind the public address, which is no host's.
func (n *Net) NAT(public netip.Addr, hosts ...*Host) {
	t := &nat{public: public, host: hosts, next: 20000}
	n.nats[public] = t
	for _, h := range hosts {
		h.nat = t
	}
}

// ForgetNAT makes the translator of public forget its ports, as one does that
// was restarted: later packets come from others.
func (n *Net) ForgetNAT(public netip.Addr) {
	if t := n.nats[public]; t != nil {
		t.tcp, t.udp = nil, nil
	}
}

func (t *nat) table(stream bool) *[]mapping {
	if stream {
		return &t.tcp
	}
	return &t.udp
}

// outward is what a, an address of h, is called outside.
func (t *nat) outward(h *Host, a netip.AddrPort, stream bool) netip.AddrPort {
	list := t.table(stream)
	for _, m := range *list {
		if m.within == a && m.host == h {
			return netip.AddrPortFrom(t.public, m.port)
		}
	}
	t.next++
	*list = append(*list, mapping{t.next, a, h})
	return netip.AddrPortFrom(t.public, t.next)
}

// route finds who has dst, from h: the host and the address there. known is
// false if nobody ever had the address; a nil host loses the packet.
func (h *Host) route(dst netip.AddrPort, stream bool) (to *Host, at netip.AddrPort, known bool) {
	if h.own(dst.Addr()) {
		return h, dst, true
	}
	if t := h.net.nats[dst.Addr()]; t != nil {
		for _, m := range *t.table(stream) {
			if m.port == dst.Port() {
				return m.host, m.within, true
			}
		}
		return nil, dst, true
	}
	to = h.net.at[dst.Addr()]
	switch {
	case to == nil:
		return nil, dst, false
	case to.nat != nil && to.nat != h.nat:
		return nil, dst, true
	}
	return to, dst, true
}

// seen is what a, an address of h, is called at to.
func (h *Host) seen(to *Host, a netip.AddrPort, stream bool) netip.AddrPort {
	if h.nat == nil || to.nat == h.nat {
		return a
	}
	return h.nat.outward(h, a, stream)
}
