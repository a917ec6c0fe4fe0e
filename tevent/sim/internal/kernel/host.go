package kernel

import (
	"fmt"
	"net/netip"
)

// Host is one machine: addresses, ports and names that its processes share.
type Host struct {
	// Limits may be changed; what exists keeps what it has.
	Limits Limits

	net   *Net
	index int
	addrs []netip.Addr
	nat   *nat // it stands behind; nil if none
	links []*Link

	tcp, udp ports
	names    map[abstract]*unix // looked up only
	paths    map[string]*inode  // file names; looked up only
	auto     uint32             // number of the last name that was chosen
	random   uint64             // counts processes, for their sources
}

// Limits are the resources of a host.
type Limits struct {
	// Files is how many descriptors a process has at most (RLIMIT_NOFILE).
	Files int
	// First and Last are the ephemeral ports.
	First, Last uint16
	// SendBuf and RecvBuf are the sizes of a socket's buffers in bytes, as
	// SO_SNDBUF and SO_RCVBUF tell them.
	SendBuf, RecvBuf int
	// Backlog bounds that of Listen (net.core.somaxconn).
	Backlog int
	// Grams is how many datagrams wait at a unix socket before the sender has
	// to (net.unix.max_dgram_qlen).
	Grams int
	// Tries is how often a SYN or SYN-ACK is repeated.
	Tries int
	// GiveUp is how long TCP data may be without an answer, in nanoseconds,
	// unless TCP_USER_TIMEOUT says something else.
	GiveUp int64
}

// DefaultLimits are those of a small machine: 64 ephemeral ports.
func DefaultLimits() Limits {
	return Limits{
		Files: 1024, First: 49152, Last: 49215, SendBuf: 64 << 10, RecvBuf: 64 << 10,
		Backlog: 4096, Grams: 10, Tries: 6, GiveUp: 924_600_000_000,
	}
}

// Host adds a host with addresses of its own. 127.0.0.0/8 and ::1 are every host's.
func (n *Net) Host(addrs ...netip.Addr) *Host {
	h := &Host{Limits: n.Limits, net: n, index: len(n.hosts), addrs: addrs,
		names: map[abstract]*unix{}, paths: map[string]*inode{}}
	h.tcp.host, h.udp.host = h, h
	h.tcp.stream = true
	n.hosts = append(n.hosts, h)
	for _, a := range addrs {
		n.at[a] = h
	}
	return h
}

// Identity names the host, as sys.Host has it.
func (h *Host) Identity() string { return fmt.Sprintf("sim-%d-%d", h.net.seed, h.index) }

// Addrs are the addresses that the host was made with.
func (h *Host) Addrs() []netip.Addr { return h.addrs }

// own tells whether packets to a stay on the host.
func (h *Host) own(a netip.Addr) bool {
	if a.IsLoopback() {
		return true
	}
	for _, x := range h.addrs {
		if x == a {
			return true
		}
	}
	return false
}

// source is the address that a packet to dst has, if there is a way for its family.
func (h *Host) source(dst netip.Addr) (netip.Addr, bool) {
	switch {
	case dst.IsLoopback() && dst.Is4():
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	case dst.IsLoopback(), h.own(dst):
		return dst, true
	}
	for _, x := range h.addrs {
		if x.Is4() == dst.Is4() {
			return x, true
		}
	}
	return netip.Addr{}, false
}
