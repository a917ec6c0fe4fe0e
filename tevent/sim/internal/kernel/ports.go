package kernel

import (
	"net/netip"
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// ports is who has which port of a host, for TCP or for UDP.
type ports struct {
	host   *Host
	stream bool
	at     map[uint16][]*bound // looked up only; each list in order of binding
}

// bound is one holder of a port.
type bound struct {
	local   netip.AddrPort
	remote  netip.AddrPort // of a connection
	listen  bool
	home    netip.AddrPort // what bind gave
	named   bool           // of bind: no connection elsewhere may use the port
	locked  bool           // bind asked for this very port
	owner   socket         // nil in TIME_WAIT
	options *options       // of the owner, also of one that has gone
	until   int64          // end of TIME_WAIT
}

const timeWait = int64(60e9)

// list is the holders of port. Those whose TIME_WAIT has passed are none.
func (t *ports) list(port uint16) []*bound {
	now := t.host.net.now
	gone := func(b *bound) bool { return b.owner == nil && b.until <= now }
	if l := t.at[port]; slices.ContainsFunc(l, gone) {
		t.at[port] = slices.DeleteFunc(l, gone)
	}
	return t.at[port]
}

func (t *ports) add(b *bound) {
	if t.at == nil {
		t.at = map[uint16][]*bound{}
	}
	t.at[b.local.Port()] = append(t.at[b.local.Port()], b)
}

func (t *ports) remove(b *bound) {
	if b == nil {
		return
	}
	port := b.local.Port()
	l := slices.DeleteFunc(t.at[port], func(x *bound) bool { return x == b })
	if len(l) == 0 {
		delete(t.at, port)
		return
	}
	t.at[port] = l
}

// holder is the entry that s would have for a.
func holder(s socket, a netip.AddrPort) *bound {
	return &bound{local: a, owner: s, options: &s.base().options}
}

func (b *bound) reuses() bool { return b.options.reuseAddr != 0 }
func (b *bound) shares() bool { return b.options.reusePort != 0 }
func (b *bound) v6only() bool { return b.options.v6only != 0 }

// bind gives s the port of a, or one that is free for 0. EADDRINUSE: somebody
// has it, or none is free. EADDRNOTAVAIL: no address of the host.
func (t *ports) bind(s socket, a netip.AddrPort) (*bound, sys.Errno) {
	ip := a.Addr()
	if !ip.IsUnspecified() && !ip.IsMulticast() && !t.host.own(ip) {
		return nil, syscall.EADDRNOTAVAIL
	}
	b := holder(s, a)
	b.named, b.locked, b.home = true, a.Port() != 0, a
	if b.locked {
		if t.taken(b) {
			return nil, syscall.EADDRINUSE
		}
		t.add(b)
		return b, 0
	}
	for port := range t.ephemeral {
		b.local = netip.AddrPortFrom(ip, port)
		b.home = b.local
		if !t.taken(b) {
			t.add(b)
			return b, 0
		}
	}
	return nil, syscall.EADDRINUSE
}

// ephemeral goes through the host's range from a place of chance.
func (t *ports) ephemeral(yield func(uint16) bool) {
	l := t.host.Limits
	size := int(l.Last) - int(l.First) + 1
	if size <= 0 {
		return
	}
	start := t.host.net.rand.IntN(size)
	for i := range size {
		if !yield(l.First + uint16((start+i)%size)) {
			return
		}
	}
}

// taken tells whether another holder keeps b from its port.
func (t *ports) taken(b *bound) bool {
	for _, x := range t.list(b.local.Port()) {
		switch {
		case x == b, !x.overlaps(b),
			x.reuses() && b.reuses() && !(t.stream && x.listen),
			x.shares() && b.shares():
		default:
			return true
		}
	}
	return false
}

func (b *bound) overlaps(x *bound) bool {
	switch wide, other := b.local.Addr().IsUnspecified(), x.local.Addr().IsUnspecified(); {
	case wide && other:
		return b.local.Addr().Is4() == x.local.Addr().Is4() || !b.v6only() && !x.v6only()
	case wide:
		return b.covers(x.local.Addr())
	}
	return x.covers(b.local.Addr())
}

// covers tells whether what comes for ip is for b.
func (b *bound) covers(ip netip.Addr) bool {
	own := b.local.Addr()
	switch {
	case !own.IsUnspecified():
		return own == ip
	case own.Is4():
		return ip.Is4()
	}
	return !b.v6only() || ip.Is6()
}

// precise is how well b, which covers an address, fits it.
func (b *bound) precise() int {
	switch own := b.local.Addr(); {
	case !own.IsUnspecified():
		return 3
	case own.Is4():
		return 2
	}
	return 1
}

// tuple is the holder of a connection between the two addresses.
func (t *ports) tuple(local, remote netip.AddrPort) *bound {
	for _, b := range t.list(local.Port()) {
		if b.remote == remote && b.local == local {
			return b
		}
	}
	return nil
}

// lend finds a port for a connection of s from the address ip to remote. A
// port may serve many connections that go elsewhere. EADDRNOTAVAIL: none is left.
func (t *ports) lend(s socket, ip netip.Addr, remote netip.AddrPort) (*bound, sys.Errno) {
	for port := range t.ephemeral {
		local := netip.AddrPortFrom(ip, port)
		if slices.ContainsFunc(t.list(port), func(b *bound) bool { return b.named || b.listen }) {
			continue
		}
		if old := t.tuple(local, remote); old != nil && !t.reusable(old) {
			continue
		}
		b := holder(s, local)
		b.remote = remote
		t.add(b)
		return b, 0
	}
	return nil, syscall.EADDRNOTAVAIL
}

// reusable takes old, if it is a TIME_WAIT of the loopback that has lasted a
// second, out of the way (net.ipv4.tcp_tw_reuse is 2).
func (t *ports) reusable(old *bound) bool {
	if old.owner != nil || !old.local.Addr().IsLoopback() || old.until-timeWait+1e9 > t.host.net.now {
		return false
	}
	t.remove(old)
	return true
}

// best finds among those for whom f says so the holder that fits ip best.
// Those who share a port are chosen from by chance.
func (t *ports) best(ip netip.AddrPort, f func(*bound) bool) *bound {
	var found *bound
	most, equal := 0, 0
	for _, b := range t.list(ip.Port()) {
		if !b.covers(ip.Addr()) || !f(b) {
			continue
		}
		switch fit := b.precise(); {
		case fit > most:
			found, most, equal = b, fit, 1
		case fit == most:
			equal++
			if !b.shares() || t.host.net.rand.IntN(equal) == 0 {
				found = b
			}
		}
	}
	return found
}
