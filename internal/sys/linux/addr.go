//go:build linux

package linux

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// sockaddr is an address in the kernel's form: the family in host order, then
// what the family says.
type sockaddr struct {
	raw unix.RawSockaddrAny
	len uint32 // bytes of raw that count
}

const (
	familyLen = 2
	unixPath  = unix.SizeofSockaddrUnix - familyLen // bytes of sun_path
)

func (s *sockaddr) bytes() *[unix.SizeofSockaddrAny]byte {
	return (*[unix.SizeofSockaddrAny]byte)(unsafe.Pointer(&s.raw))
}

// reset makes s ready to be filled by the kernel.
func (s *sockaddr) reset() { s.len = unix.SizeofSockaddrAny }

// encode sets s to a, asking fd for the index of an IPv6 zone.
//
// EAFNOSUPPORT: the family is not one of the three, or the IP address is not
// of the family. EINVAL: there is no IP address, or a NUL in a file name.
// ENAMETOOLONG: a unix path is too long. ENODEV: there is no such zone.
func (s *sockaddr) encode(fd int, a *sys.Addr) sys.Errno {
	*s = sockaddr{}
	s.raw.Addr.Family = uint16(a.Family)
	switch a.Family {
	case unix.AF_INET:
		return s.encodeInet4(a.Inet)
	case unix.AF_INET6:
		return s.encodeInet6(fd, a.Inet)
	case unix.AF_UNIX:
		return s.encodeUnix(a.Path)
	}
	return unix.EAFNOSUPPORT
}

func (s *sockaddr) encodeInet4(a netip.AddrPort) sys.Errno {
	ip := a.Addr().Unmap()
	if !ip.IsValid() {
		return unix.EINVAL
	}
	if !ip.Is4() {
		return unix.EAFNOSUPPORT
	}
	in := (*unix.RawSockaddrInet4)(unsafe.Pointer(&s.raw))
	in.Port = network(a.Port())
	in.Addr = ip.As4()
	s.len = unix.SizeofSockaddrInet4
	return 0
}

func (s *sockaddr) encodeInet6(fd int, a netip.AddrPort) sys.Errno {
	ip := a.Addr()
	if !ip.IsValid() {
		return unix.EINVAL
	}
	scope, e := zoneIndex(fd, ip.Zone())
	if e != 0 {
		return e
	}
	in := (*unix.RawSockaddrInet6)(unsafe.Pointer(&s.raw))
	in.Port = network(a.Port())
	in.Addr = ip.As16()
	in.Scope_id = scope
	s.len = unix.SizeofSockaddrInet6
	return 0
}

// encodeUnix writes a NUL in place of a leading "@". An abstract name may fill
// sun_path; a file name leaves room for the NUL that the kernel puts behind it.
func (s *sockaddr) encodeUnix(path string) sys.Errno {
	abstract := strings.HasPrefix(path, "@")
	switch {
	case len(path) > unixPath, len(path) == unixPath && !abstract:
		return unix.ENAMETOOLONG
	case !abstract && strings.IndexByte(path, 0) >= 0:
		return unix.EINVAL
	}
	b := s.bytes()[familyLen:]
	n := copy(b, path)
	if abstract {
		b[0] = 0
	}
	s.len = uint32(familyLen + n)
	return 0
}

// decode is the address that the kernel has written to s for fd. A family that
// is none of the three comes without more.
func (s *sockaddr) decode(fd int) (a sys.Addr) {
	s.decodeTo(fd, &a)
	return a
}

// decodeTo is decode in place of an older address, whose path is kept if it is
// the same: so that a peer who comes again costs no allocation.
func (s *sockaddr) decodeTo(fd int, a *sys.Addr) {
	old := a.Path
	*a = sys.Addr{}
	if s.len < familyLen {
		return
	}
	switch a.Family = int(s.raw.Addr.Family); a.Family {
	case unix.AF_INET:
		in := (*unix.RawSockaddrInet4)(unsafe.Pointer(&s.raw))
		a.Inet = netip.AddrPortFrom(netip.AddrFrom4(in.Addr), network(in.Port))
	case unix.AF_INET6:
		in := (*unix.RawSockaddrInet6)(unsafe.Pointer(&s.raw))
		ip := netip.AddrFrom16(in.Addr)
		if in.Scope_id != 0 {
			ip = ip.WithZone(zoneName(fd, in.Scope_id))
		}
		a.Inet = netip.AddrPortFrom(ip, network(in.Port))
	case unix.AF_UNIX:
		a.Path = s.decodeUnix(old)
	}
}

// decodeUnix tells a file called "@name" from an abstract name: it becomes
// "./@name". old is a path that it may be.
func (s *sockaddr) decodeUnix(old string) string {
	b := s.bytes()[familyLen:min(s.len, unix.SizeofSockaddrAny)]
	switch {
	case len(b) == 0:
		return ""
	case b[0] == 0:
		if len(old) == len(b) && old[0] == '@' && old[1:] == string(b[1:]) {
			return old
		}
		return "@" + string(b[1:])
	}
	b, _, _ = bytes.Cut(b, []byte{0})
	switch {
	case b[0] == '@':
		return "./" + string(b)
	case old == string(b):
		return old
	}
	return string(b)
}

// network swaps a port between its value and the two bytes, highest first,
// which the kernel takes for a number in host order.
func network(port uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], port)
	return binary.NativeEndian.Uint16(b[:])
}
