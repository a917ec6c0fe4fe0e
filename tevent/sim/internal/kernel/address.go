package kernel

import (
	"net/netip"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// unixPath is how many bytes the name of a unix socket has at most.
const unixPath = 108

// wellFormed tells what is wrong with an address before anybody looks at it,
// as internal/sys/linux does.
func wellFormed(a *sys.Addr) sys.Errno {
	switch a.Family {
	case syscall.AF_INET:
		switch ip := a.Inet.Addr(); {
		case !ip.IsValid():
			return syscall.EINVAL
		case !ip.Unmap().Is4():
			return syscall.EAFNOSUPPORT
		}
	case syscall.AF_INET6:
		if !a.Inet.Addr().IsValid() {
			return syscall.EINVAL
		}
	case syscall.AF_UNIX:
		abstract := strings.HasPrefix(a.Path, "@")
		switch {
		case len(a.Path) > unixPath, len(a.Path) == unixPath && !abstract:
			return syscall.ENAMETOOLONG
		case !abstract && strings.IndexByte(a.Path, 0) >= 0:
			return syscall.EINVAL
		}
	default:
		return syscall.EAFNOSUPPORT
	}
	return 0
}

// inner is the address as it is kept: IPv4 in its own form, without a zone.
func inner(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// outer is an address as a socket of family tells it; unspecified is the
// one that has none yet.
func outer(family int, a netip.AddrPort) sys.Addr {
	ip := a.Addr()
	switch {
	case family == syscall.AF_INET && !ip.IsValid():
		ip = netip.IPv4Unspecified()
	case family == syscall.AF_INET6 && !ip.IsValid():
		ip = netip.IPv6Unspecified()
	case family == syscall.AF_INET6 && ip.Is4():
		ip = netip.AddrFrom16(ip.As16())
	}
	return sys.Addr{Family: family, Inet: netip.AddrPortFrom(ip, a.Port())}
}

// target is where a packet to a goes from a socket that is bound to own: the
// unspecified address is the host itself.
func target(a netip.AddrPort, own netip.Addr) netip.AddrPort {
	a = inner(a)
	if a.Addr().IsUnspecified() {
		if own.IsValid() && !own.IsUnspecified() && own.Is4() == a.Addr().Is4() {
			return netip.AddrPortFrom(own, a.Port())
		}
		if a.Addr().Is4() {
			return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), a.Port())
		}
		return netip.AddrPortFrom(netip.IPv6Loopback(), a.Port())
	}
	return a
}

// settle is bind to an address of a socket's own: one of IPv6 is no more for
// IPv4 then.
func (s *sock) settle(a netip.Addr) {
	if s.family == syscall.AF_INET6 && a.Is6() && !a.IsUnspecified() {
		s.options.v6only = 1
	}
}

// familySize is what an address has before its value, in bytes.
const familySize = 2

// leastAddr is how long an address is at least that a socket looks into.
var leastAddr = map[int]int{syscall.AF_INET: 16, syscall.AF_INET6: 24}

// fits tells what is wrong with an address for a socket of family that sends
// to it. An AF_INET address is no IPv6 socket's, but a mapped one is.
func (s *sock) fits(a *sys.Addr) sys.Errno {
	switch {
	case a.Family == s.family:
	case a.Family == syscall.AF_UNIX && familySize+len(a.Path) < leastAddr[s.family]:
		return syscall.EINVAL
	case s.family == syscall.AF_INET6 && a.Family == syscall.AF_INET:
		return syscall.EINVAL // the kernel finds it too short
	default:
		return syscall.EAFNOSUPPORT
	}
	if s.family == syscall.AF_INET6 && s.options.v6only != 0 && a.Inet.Addr().Is4In6() {
		return syscall.ENETUNREACH
	}
	return 0
}
