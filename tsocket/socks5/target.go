package socks5

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/tsocket-go/tsocket/tsocket"
)

// target is what the proxy is to connect to: an address or a name, with a port.
// It is a net.Addr.
type target struct {
	asked
	addr netip.Addr // invalid for a name
	name string
	port uint16
}

// asked is what was asked for, as it was.
type asked struct{ network, address string }

// Network is that of the dial.
func (a asked) Network() string { return a.network }

// String is the address that was dialled.
func (a asked) String() string { return a.address }

// maxName is the longest name that fits its length byte.
const maxName = 255

// parse reads "host:port" for a network such as "tcp".
func parse(network, address string) (target, error) {
	t := target{asked: asked{network, address}}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		host, port = address, ""
	}
	n, err := strconv.ParseUint(port, 10, 16)
	t.port = uint16(n)
	if t.addr, _ = netip.ParseAddr(host); !t.addr.IsValid() {
		t.name = host
	}
	t.addr = t.addr.Unmap()
	switch {
	case strings.HasPrefix(network, "udp"):
		return t, ErrCommand
	case err != nil, t.addr.Zone() != "", !t.addr.IsValid() && (t.name == "" || len(t.name) > maxName):
		return t, ErrTarget
	case network == "tcp", network == "tcp4" && !t.addr.Is6(), network == "tcp6" && !t.addr.Is4():
		return t, nil
	case network == "tcp4", network == "tcp6":
		return t, fmt.Errorf("%w of %s", ErrTarget, network)
	}
	return t, net.UnknownNetworkError(network)
}

// remote is the target as an address of a stream; the zero Address for a name.
func (t target) remote() tsocket.Address {
	if !t.addr.IsValid() {
		return tsocket.Address{}
	}
	return tsocket.Inet(netip.AddrPortFrom(t.addr, t.port))
}

// request is CONNECT to the target.
func (t target) request() []byte {
	b := []byte{version, cmdConnect, 0}
	switch {
	case t.addr.Is4():
		b = append(append(b, atypIPv4), t.addr.AsSlice()...)
	case t.addr.Is6():
		b = append(append(b, atypIPv6), t.addr.AsSlice()...)
	default:
		b = append(append(b, atypName, byte(len(t.name))), t.name...)
	}
	return append(b, byte(t.port>>8), byte(t.port))
}
