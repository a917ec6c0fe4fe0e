package kernel

import (
	"net/netip"
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Join has a UDP socket receive what is sent to a group by any host that is not
// behind a NAT of its own. A host has one interface; its name counts only as far as
// Leave has to say the same.
func (p *Proc) Join(fd int, group netip.Addr, through string) sys.Errno {
	u, e := p.member(fd, group)
	if e != 0 {
		return e
	}
	m := membership{group, through}
	switch {
	case !group.IsMulticast():
		return syscall.EINVAL
	case slices.Contains(u.groups, m):
		return syscall.EADDRINUSE
	}
	u.groups = append(u.groups, m)
	return 0
}

// Leave ends that.
func (p *Proc) Leave(fd int, group netip.Addr, through string) sys.Errno {
	u, e := p.member(fd, group)
	if e != 0 {
		return e
	}
	i := slices.Index(u.groups, membership{group, through})
	switch {
	case group.Is6() && !group.IsMulticast():
		return syscall.EINVAL
	case i < 0:
		return syscall.EADDRNOTAVAIL
	}
	u.groups = slices.Delete(u.groups, i, i+1)
	return 0
}

// membership is a group that a socket is in.
type membership struct {
	group   netip.Addr
	through string
}

// member is the socket that is to join or leave a group. One of IPv6 has groups of
// both families.
func (p *Proc) member(fd int, group netip.Addr) (*udp, sys.Errno) {
	s, e := p.socket(fd)
	if e != 0 {
		return nil, e
	}
	u, ok := s.(*udp)
	switch {
	case s.base().family == syscall.AF_UNIX:
		return nil, syscall.EOPNOTSUPP
	case group.Is6() && s.base().family == syscall.AF_INET:
		return nil, syscall.ENOPROTOOPT
	case !ok:
		return nil, syscall.EPROTO
	}
	return u, 0
}

func (u *udp) joined(group netip.Addr) bool {
	group = group.WithZone("")
	return slices.ContainsFunc(u.groups, func(m membership) bool { return m.group == group })
}

// multicast delivers a datagram to every socket that is in its group.
func (d *datagram) multicast() {
	for _, b := range d.to.udp.list(d.dst.Port()) {
		u := b.owner.(*udp)
		if !b.covers(d.dst.Addr()) || !u.joined(d.dst.Addr()) || !u.takes(d.seen) {
			continue
		}
		c := d.net.datagram()
		c.seen, c.data = d.seen, append(c.data, d.data...)
		if !u.arrived(c) {
			d.net.recycle(c)
		}
	}
	d.net.recycle(d)
}
