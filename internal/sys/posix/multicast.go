//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"net"
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Join joins a multicast group; see ip(4) and ip6(4) for the errors. ENODEV:
// there is no such interface.
func (k *Kernel) Join(fd int, group netip.Addr, through string) sys.Errno {
	return membership(fd, group, through, unix.IP_ADD_MEMBERSHIP, joinGroup6)
}

// Leave leaves it again.
func (k *Kernel) Leave(fd int, group netip.Addr, through string) sys.Errno {
	return membership(fd, group, through, unix.IP_DROP_MEMBERSHIP, leaveGroup6)
}

func membership(fd int, group netip.Addr, through string, opt4, opt6 int) sys.Errno {
	index, addr, e := interfaceOf(through)
	switch {
	case e != 0:
		return e
	case group.Is4():
		return errno(unix.SetsockoptIPMreq(fd, unix.IPPROTO_IP, opt4, &unix.IPMreq{Multiaddr: group.As4(), Interface: addr}))
	}
	return errno(unix.SetsockoptIPv6Mreq(fd, unix.IPPROTO_IPV6, opt6, &unix.IPv6Mreq{Multiaddr: group.As16(), Interface: index}))
}

// interfaceOf is the index of an interface and an address of it, which are how
// the two families call it; 0 is the system's choice.
func interfaceOf(name string) (index uint32, addr [4]byte, e sys.Errno) {
	if name == "" {
		return 0, addr, 0
	}
	ifi, err := net.InterfaceByName(name)
	if err != nil {
		return 0, addr, unix.ENODEV
	}
	all, _ := ifi.Addrs()
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() {
			addr = p.Addr().As4()
			break
		}
	}
	return uint32(ifi.Index), addr, 0
}
