package tsocket

import (
	"net/netip"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// DgramConfig is how OpenDgram opens its socket; the zero value is OpenDgram's.
type DgramConfig struct {
	// Broadcast allows sends to a broadcast address of IPv4.
	Broadcast bool
	// ReusePort lets several endpoints, one for each loop, share an inet
	// address; the kernel spreads the senders over them.
	ReusePort bool
	// ReuseAddr lets several endpoints have one inet address, each of which gets
	// what is multicast; of the rest, the last one gets all.
	ReuseAddr bool
	// Coalesce lets the kernel hand over datagrams of one sender together, where
	// it can (UDP_GRO). They are cut apart again, so that nobody sees anything but
	// fewer calls of the system for a fast sender; each is copied once more.
	Coalesce bool
}

// OpenDgram opens an endpoint of inet UDP or unix datagrams, whichever the
// addresses are of. local is where it receives: a port of 0 lets the system
// choose one, "[::]" serves IPv4 as well, and IPv4 alone on a host without IPv6;
// a unix path must not exist, Close removes it again. With the zero Address it has
// no name, or for inet one that the system chooses. With a remote the endpoint
// sends there, if nothing else is said, and receives from there only.
//
// Errors: those of bind(2) and connect(2); EINVAL for two zero Addresses or two of
// different families. Source: tdgram_inet_udp_socket, tdgram_unix_socket.
func OpenDgram(ev *tevent.Context, local, remote Address) (*Dgram, error) {
	return DgramConfig{}.Open(ev, local, remote)
}

// Open is OpenDgram with this configuration. Source:
// tdgram_inet_udp_broadcast_socket.
func (c DgramConfig) Open(ev *tevent.Context, local, remote Address) (*Dgram, error) {
	if local.inet.Addr() == netip.IPv6Unspecified() && remote.inet.Addr().Is4() {
		local = local.any4()
	}
	k := ev.Driver().Kernel
	fd, err := c.open(k, local, remote)
	if local.inet.Addr() == netip.IPv6Unspecified() && !remote.IsValid() && noIPv6(err) {
		local = local.any4()
		fd, err = c.open(k, local, remote)
	}
	var d *Dgram
	if err == nil {
		bound := local
		if !bound.unix {
			bound = Address{}
		}
		d, err = newFDDgram(ev, fd, bound, c.Coalesce && coalesce(k, fd))
	}
	return d, dgramError("open", local, remote, err)
}

// DgramFromFD makes an endpoint of a datagram socket, connected or not, and owns
// it from then on, also when it fails. The descriptor becomes non-blocking.
// EPROTOTYPE: it is a socket of streams. Source: tdgram_bsd_existing_socket.
func DgramFromFD(ev *tevent.Context, fd int) (*Dgram, error) {
	k := ev.Driver().Kernel
	typ := 0
	err := retry(func() (errno sys.Errno) {
		typ, errno = k.Sockopt(fd, syscall.SOL_SOCKET, sys.SoType)
		return errno
	})
	if err == nil && typ == syscall.SOCK_STREAM {
		err = syscall.EPROTOTYPE
	}
	if err == nil {
		err = retry(func() sys.Errno { return k.SetNonblock(fd) })
	}
	if err != nil {
		k.Close(fd)
		return nil, dgramError("from fd", Address{}, Address{}, err)
	}
	d, err := newFDDgram(ev, fd, Address{}, false)
	return d, dgramError("from fd", Address{}, Address{}, err)
}

// open makes a socket, binds it and connects it.
func (c DgramConfig) open(k sys.Kernel, local, remote Address) (int, error) {
	some := local
	if !some.IsValid() {
		some = remote
	}
	if !some.IsValid() || remote.IsValid() && some.kernel().Family != remote.kernel().Family {
		return -1, syscall.EINVAL
	}
	fd := -1
	err := retry(func() (errno sys.Errno) {
		fd, errno = k.Socket(some.kernel().Family, syscall.SOCK_DGRAM, 0)
		return errno
	})
	if err != nil {
		return -1, err
	}
	if err := c.bind(k, fd, local); err != nil {
		k.Close(fd)
		return -1, err
	}
	if err := attune(k, fd, remote); err != nil {
		undo(k, fd, local)
		return -1, err
	}
	return fd, nil
}

// bind gives fd its options and its name.
func (c DgramConfig) bind(k sys.Kernel, fd int, local Address) error {
	for _, o := range [...]struct {
		on  bool
		opt int
	}{{c.Broadcast, syscall.SO_BROADCAST}, {c.ReusePort, sys.SoReusePort}, {c.ReuseAddr, syscall.SO_REUSEADDR}} {
		if !o.on {
			continue
		}
		if err := retry(func() sys.Errno { return k.SetSockopt(fd, syscall.SOL_SOCKET, o.opt, 1) }); err != nil {
			return err
		}
	}
	if local.inet.Addr().Is6() { // a system that refuses serves IPv6 alone
		for k.SetSockopt(fd, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 0) == syscall.EINTR {
		}
	}
	if !local.IsValid() || local.unix && local.path == "" {
		return nil
	}
	return retry(func() sys.Errno { return k.Bind(fd, local.kernel()) })
}

// attune connects fd to its peer, if there is one.
func attune(k sys.Kernel, fd int, remote Address) error {
	if !remote.IsValid() {
		return nil
	}
	return retry(func() sys.Errno { return k.Connect(fd, remote.kernel()) })
}

// coalesce has fd hand over several datagrams at once, and reports whether it can.
func coalesce(k sys.Kernel, fd int) bool {
	return retry(func() sys.Errno { return k.SetSockopt(fd, syscall.IPPROTO_UDP, sys.UDPGRO, 1) }) == nil
}

// noIPv6 tells whether err is that of a host without IPv6.
func noIPv6(err error) bool { return err == syscall.EAFNOSUPPORT || err == syscall.EADDRNOTAVAIL }
