package kernel

import (
	"net/netip"
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// udp is a UDP socket.
type udp struct {
	sock
	local netip.AddrPort // not valid before bind, connect or the first send
	peer  netip.AddrPort // of connect
	port  *bound
	queue []*datagram // to be received
	used  int         // bytes of it, with what they cost
	// groups are those of multicast that the socket is in.
	groups []membership
}

func newUDP(h *Host, family int) *udp {
	return &udp{sock: newSock(h, family, syscall.SOCK_DGRAM)}
}

func (u *udp) name() string {
	s := "udp " + u.local.String()
	if u.peer.IsValid() {
		s += " " + u.peer.String()
	}
	return s
}

func (u *udp) poll(sys.Ready) sys.Ready {
	r := u.ends() | sys.Out
	if len(u.queue) > 0 {
		r |= sys.In
	}
	return r
}

func (u *udp) bind(a *sys.Addr) sys.Errno {
	if a.Family != u.family {
		return u.fits(a)
	}
	if u.port != nil {
		return syscall.EINVAL
	}
	port, e := u.host.udp.bind(u, inner(a.Inet))
	if e == 0 {
		u.port, u.local = port, port.local
		u.settle(u.local.Addr())
	}
	return e
}

// autobind gives a socket without one a port of all addresses. EAGAIN: there
// is none.
func (u *udp) autobind() sys.Errno {
	if u.port != nil {
		return 0
	}
	port, e := u.host.udp.bind(u, outer(u.family, u.local).Inet)
	if e != 0 {
		return syscall.EAGAIN
	}
	u.port, u.local = port, port.local
	u.port.locked = false
	return 0
}

func (u *udp) listen(*Proc, int) sys.Errno           { return syscall.EOPNOTSUPP }
func (u *udp) accept() (socket, sys.Addr, sys.Errno) { return nil, sys.Addr{}, syscall.EOPNOTSUPP }

// connect chooses where datagrams go, and from whom they are taken.
func (u *udp) connect(_ *Proc, a *sys.Addr) sys.Errno {
	if e := u.autobind(); e != 0 {
		return e
	}
	if e := u.connects(a); e != 0 {
		return e
	}
	to := target(a.Inet, u.local.Addr())
	if e := u.permitted(to.Addr()); e != 0 {
		return e
	}
	ip := u.local.Addr()
	if u.port.home.Addr().IsUnspecified() {
		var ok bool
		if ip, ok = u.host.source(to.Addr()); !ok {
			return syscall.ENETUNREACH
		}
	}
	if ip.Is4() && to.Addr().Is6() {
		return syscall.EAFNOSUPPORT
	}
	u.peer = to
	u.local = netip.AddrPortFrom(ip, u.local.Port())
	u.port.local, u.port.remote = u.local, to
	return 0
}

// connects tells what is wrong with an address to connect to. A socket of IPv6
// takes those of IPv4 in their own form too.
func (u *udp) connects(a *sys.Addr) sys.Errno {
	switch {
	case u.family != syscall.AF_INET6 || a.Family != syscall.AF_INET:
		return u.fits(a)
	case u.options.v6only != 0:
		return syscall.EAFNOSUPPORT
	}
	return 0
}

// permitted: a broadcast needs SO_BROADCAST.
func (u *udp) permitted(to netip.Addr) sys.Errno {
	if to == netip.AddrFrom4([4]byte{255, 255, 255, 255}) && u.options.broadcast == 0 {
		return syscall.EACCES
	}
	return 0
}

func (u *udp) sockname() sys.Addr { return outer(u.family, u.local) }

func (u *udp) peername() (sys.Addr, sys.Errno) {
	if u.peer.Port() == 0 {
		return sys.Addr{}, syscall.ENOTCONN
	}
	return outer(u.family, u.peer), 0
}

func (u *udp) pending() (int, sys.Errno) {
	if len(u.queue) == 0 {
		return 0, 0
	}
	return len(u.queue[0].data), 0
}

func (u *udp) shutdown(how int) sys.Errno {
	dir, e := closes(how)
	if e != 0 {
		return e
	}
	u.shut |= dir
	u.file.wake(all)
	if !u.peer.IsValid() {
		return syscall.ENOTCONN
	}
	return 0
}

func (u *udp) release() {
	u.host.udp.remove(u.port)
	u.port = nil
	for _, d := range u.queue {
		u.host.net.recycle(d)
	}
	u.queue = nil
}

func (u *udp) recv(_ *Proc, m *message) (int, sys.Errno) {
	if u.err != 0 {
		return 0, u.take()
	}
	if len(u.queue) == 0 {
		return 0, syscall.EAGAIN
	}
	d := u.queue[0]
	u.queue = slices.Delete(u.queue, 0, 1)
	u.used -= d.cost()
	m.segment = u.joins(d)
	n := m.scatter(d.data, 0)
	m.addr, m.cut = outer(u.family, d.seen), n < len(d.data)
	u.host.net.recycle(d)
	return n, 0
}

// arrived takes a datagram that is for the socket. It reports false when it is
// lost for want of room.
func (u *udp) arrived(d *datagram) bool {
	if u.used >= u.options.recvBuf {
		return false
	}
	u.queue = append(u.queue, d)
	u.used += d.cost()
	u.file.wake(sys.In)
	return true
}

// takes tells whether the socket takes datagrams of from. Port 0 is no peer.
func (u *udp) takes(from netip.AddrPort) bool { return u.peer.Port() == 0 || u.peer == from }
