//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// unixPath is how many bytes the path of a unix address has room for.
const unixPath = len(unix.RawSockaddrUnix{}.Path)

// encode is a in the form of package unix.
//
// EAFNOSUPPORT: the family is not one of the three, or the IP address is not
// of the family. EINVAL: there is no IP address, or a NUL in a file name.
// ENAMETOOLONG: a unix path is too long. ENODEV: there is no such zone.
// EOPNOTSUPP: an abstract name, and the system has none.
func encode(a *sys.Addr) (unix.Sockaddr, sys.Errno) {
	switch a.Family {
	case unix.AF_INET:
		return encodeInet4(a.Inet)
	case unix.AF_INET6:
		return encodeInet6(a.Inet)
	case unix.AF_UNIX:
		return encodeUnix(a.Path)
	}
	return nil, unix.EAFNOSUPPORT
}

func encodeInet4(a netip.AddrPort) (unix.Sockaddr, sys.Errno) {
	ip := a.Addr().Unmap()
	if !ip.IsValid() {
		return nil, unix.EINVAL
	}
	if !ip.Is4() {
		return nil, unix.EAFNOSUPPORT
	}
	return &unix.SockaddrInet4{Port: int(a.Port()), Addr: ip.As4()}, 0
}

func encodeInet6(a netip.AddrPort) (unix.Sockaddr, sys.Errno) {
	ip := a.Addr()
	if !ip.IsValid() {
		return nil, unix.EINVAL
	}
	index, e := zoneIndex(ip.Zone())
	if e != 0 {
		return nil, e
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), ZoneId: index, Addr: ip.As16()}, 0
}

// encodeUnix leaves room for the NUL that package unix puts behind a name.
func encodeUnix(path string) (unix.Sockaddr, sys.Errno) {
	isAbstract := strings.HasPrefix(path, "@")
	switch {
	case isAbstract && !abstract:
		return nil, unix.EOPNOTSUPP
	case len(path) >= unixPath:
		return nil, unix.ENAMETOOLONG
	case !isAbstract && strings.IndexByte(path, 0) >= 0:
		return nil, unix.EINVAL
	}
	return &unix.SockaddrUnix{Name: path}, 0
}

// decode is the address that the system answered. A family that is none of the
// three is no address.
func decode(sa unix.Sockaddr) sys.Addr {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return sys.Addr{Family: unix.AF_INET, Inet: netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))}
	case *unix.SockaddrInet6:
		ip := netip.AddrFrom16(sa.Addr)
		if sa.ZoneId != 0 {
			ip = ip.WithZone(zoneName(sa.ZoneId))
		}
		return sys.Addr{Family: unix.AF_INET6, Inet: netip.AddrPortFrom(ip, uint16(sa.Port))}
	case *unix.SockaddrUnix:
		if abstract && sa.Name == "@" {
			return sys.Addr{Family: unix.AF_UNIX} // package unix calls the unnamed so
		}
		return sys.Addr{Family: unix.AF_UNIX, Path: sa.Name}
	}
	return sys.Addr{}
}

// zoneIndex is the index of the interface that an IPv6 zone names. A name that
// no interface has may be the index itself.
func zoneIndex(zone string) (uint32, sys.Errno) {
	if zone == "" {
		return 0, 0
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index), 0
	}
	n, err := strconv.ParseUint(zone, 10, 32)
	if err != nil {
		return 0, unix.ENODEV
	}
	return uint32(n), 0
}

// zoneName is the reverse; an interface that is gone is called by its index.
func zoneName(index uint32) string {
	if i, err := net.InterfaceByIndex(int(index)); err == nil {
		return i.Name
	}
	return strconv.FormatUint(uint64(index), 10)
}
