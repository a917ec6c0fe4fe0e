package tsocket

import (
	"net/netip"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Join has the endpoint receive what is sent to a multicast group and comes through
// the interface of that name, such as "eth0"; "" leaves it to the system. The
// endpoint is of the group's family, not connected, and its local address has the
// group's port: an address of every interface, or the group itself.
//
// Errors: EINVAL for an address that is no group, ENODEV for an interface that is
// none, EADDRINUSE if it is in the group already, EOPNOTSUPP without a socket.
func (d *Dgram) Join(group netip.Addr, through string) error {
	return d.membership("join", group, through, sys.Kernel.Join)
}

// Leave ends what Join began; the arguments are the same. EADDRNOTAVAIL: there is
// nothing to end. Close leaves every group.
func (d *Dgram) Leave(group netip.Addr, through string) error {
	return d.membership("leave", group, through, sys.Kernel.Leave)
}

func (d *Dgram) membership(verb string, group netip.Addr, through string, call func(sys.Kernel, int, netip.Addr, string) sys.Errno) error {
	err := d.usable()
	f, ok := d.ops.(*dgramOps)
	switch {
	case err != nil:
	case !ok:
		err = syscall.EOPNOTSUPP
	case !group.IsMulticast():
		err = syscall.EINVAL
	default:
		err = retry(func() sys.Errno { return call(f.kernel(), f.fd, group.WithZone(""), through) })
	}
	return d.wrapTo(verb, Inet(netip.AddrPortFrom(group, 0)), err)
}
