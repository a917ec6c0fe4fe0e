//go:build linux

package linux

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Join joins a multicast group; see ip(7) for the errors. ENODEV: there is no
// such interface. EINVAL: the address is no group.
func (k *Kernel) Join(fd int, group netip.Addr, through string) sys.Errno {
	return membership(fd, group, through, unix.IP_ADD_MEMBERSHIP, unix.IPV6_ADD_MEMBERSHIP)
}

// Leave leaves it again; EADDRNOTAVAIL if fd is not in it.
func (k *Kernel) Leave(fd int, group netip.Addr, through string) sys.Errno {
	return membership(fd, group, through, unix.IP_DROP_MEMBERSHIP, unix.IPV6_DROP_MEMBERSHIP)
}

func membership(fd int, group netip.Addr, through string, opt4, opt6 int) sys.Errno {
	index, e := zoneIndex(fd, through)
	switch {
	case e != 0:
		return e
	case group.Is4():
		return errno(unix.SetsockoptIPMreqn(fd, unix.IPPROTO_IP, opt4, &unix.IPMreqn{Multiaddr: group.As4(), Ifindex: int32(index)}))
	}
	return errno(unix.SetsockoptIPv6Mreq(fd, unix.IPPROTO_IPV6, opt6, &unix.IPv6Mreq{Multiaddr: group.As16(), Interface: index}))
}
