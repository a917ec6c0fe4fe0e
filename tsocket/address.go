package tsocket

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Address is where a socket is: an inet address with port, a unix path, or a
// name in Linux' abstract unix namespace. It is a comparable value; the zero
// Address is none. Source: struct tsocket_address.
type Address struct {
	inet netip.AddrPort
	path string // unix; "@name" is abstract
	unix bool   // a unix address, which may be unnamed
}

var _ net.Addr = Address{}

// unixLimit is how long a path may be: sun_path holds 108 bytes with the NUL.
const unixLimit = 107

// Inet returns the address of an inet endpoint.
func Inet(ap netip.AddrPort) Address { return Address{inet: ap} }

// Unix returns the address of a unix socket: a path, or "@name" in the abstract
// namespace. A path of more than 107 bytes is ENAMETOOLONG, an empty one
// EINVAL.
func Unix(path string) (Address, error) {
	switch {
	case path == "" || strings.IndexByte(path, 0) >= 0:
		return Address{}, fmt.Errorf("tsocket: unix path %q: %w", path, syscall.EINVAL)
	case len(path) > unixLimit:
		return Address{}, fmt.Errorf("tsocket: unix path of %d bytes: %w", len(path), syscall.ENAMETOOLONG)
	}
	return Address{path: path, unix: true}, nil
}

// UnnamedUnix returns the address of a unix socket without a name, as those of a
// Socketpair.
func UnnamedUnix() Address { return Address{unix: true} }

// ParseAddress reads "127.0.0.1:80", "[::1]:80", "[fe80::1%eth0]:80", ":80"
// (every local address), "unix:/path" and "unix:@name". It takes numbers only
// and never asks a name server.
func ParseAddress(s string) (Address, error) {
	if path, ok := strings.CutPrefix(s, "unix:"); ok {
		return Unix(path)
	}
	text := s
	if strings.HasPrefix(s, ":") {
		text = "[::]" + s
	}
	ap, err := netip.ParseAddrPort(text)
	if err != nil {
		return Address{}, fmt.Errorf("tsocket: address %q: %w: %w", s, syscall.EINVAL, err)
	}
	return Inet(ap), nil
}

// ParseHostPort is ParseAddress for an inet address whose port may be left out: port
// stands for it then. Without a port IPv6 needs no brackets, and with one it does:
// "::1:80" is an address. Source: tsocket_address_inet_from_hostport_strings.
func ParseHostPort(s string, port uint16) (Address, error) {
	host := s
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") && strings.Contains(inner, ":") {
		host = strings.TrimSuffix(inner, "]")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return Inet(netip.AddrPortFrom(ip, port)), nil
	}
	if strings.HasPrefix(s, "unix:") {
		return Address{}, fmt.Errorf("tsocket: address %q: %w", s, syscall.EINVAL)
	}
	return ParseAddress(s)
}

// Network is "tcp", "unix", or "" for the zero Address.
func (a Address) Network() string {
	switch {
	case a.unix:
		return "unix"
	case a.inet.IsValid():
		return "tcp"
	}
	return ""
}

// String is what ParseAddress reads; an unnamed unix address is "unix:".
func (a Address) String() string {
	switch {
	case a.unix:
		return "unix:" + a.path
	case a.inet.IsValid():
		return a.inet.String()
	}
	return ""
}

// AddrPort is the inet address; the zero AddrPort for others.
func (a Address) AddrPort() netip.AddrPort { return a.inet }

// UnixPath is the path of a unix address, "@name" in the abstract namespace, ""
// for unnamed ones and others.
func (a Address) UnixPath() string { return a.path }

// Is4 reports whether a is an inet address of IPv4.
func (a Address) Is4() bool { return a.inet.Addr().Is4() }

// Is6 reports whether a is an inet address of IPv6, such as a mapped one of IPv4.
func (a Address) Is6() bool { return a.inet.Addr().Is6() }

// IsUnix reports whether a is a unix address, named or not.
func (a Address) IsUnix() bool { return a.unix }

// IsValid reports whether a is an address at all.
func (a Address) IsValid() bool { return a.unix || a.inet.IsValid() }

// any4 is 0.0.0.0 with the port of a.
func (a Address) any4() Address {
	return Inet(netip.AddrPortFrom(netip.IPv4Unspecified(), a.inet.Port()))
}

// kernel is the address as the kernel takes it.
func (a Address) kernel() *sys.Addr {
	switch {
	case a.unix:
		return &sys.Addr{Family: syscall.AF_UNIX, Path: a.path}
	case a.inet.Addr().Is4():
		return &sys.Addr{Family: syscall.AF_INET, Inet: a.inet}
	}
	return &sys.Addr{Family: syscall.AF_INET6, Inet: a.inet}
}

// addressOf is the address the kernel gave; an IPv4 peer of a dual-stack
// socket is an IPv4 address.
func addressOf(a sys.Addr) Address {
	if a.Family == syscall.AF_UNIX {
		return Address{path: a.Path, unix: true}
	}
	return Address{inet: netip.AddrPortFrom(a.Inet.Addr().Unmap(), a.Inet.Port())}
}
