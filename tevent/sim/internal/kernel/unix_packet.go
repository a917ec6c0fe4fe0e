package kernel

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// packet is a message of a unix datagram or seqpacket socket.
type packet struct {
	from   *unix
	data   []byte
	rights []*file
}

func (k *packet) cost() int { return len(k.data) + overhead }

// sendPacket sends to the peer, or to where m says.
func (u *unix) sendPacket(m *message) (int, sys.Errno) {
	size := m.size()
	if e := u.unready(m, size); e != 0 {
		return 0, e
	}
	v, e := u.receiver(m)
	if e == 0 {
		e = u.rejected(v)
	}
	if e != 0 {
		u.freed(0) // the packet was in the buffer for a moment
		return 0, e
	}
	k := packet{from: u, rights: m.rights}
	if size > 0 {
		k.data = make([]byte, size)
		m.gather(k.data, 0)
	}
	m.rights = nil
	u.sent += k.cost()
	v.packets = append(v.packets, k)
	v.file.wake(sys.In)
	return size, 0
}

// unready is why u itself keeps a packet from being sent, whoever it is for.
func (u *unix) unready(m *message, size int) sys.Errno {
	if e := u.apart(); e != 0 {
		return e
	}
	switch {
	case !u.oriented() && m.addr.Family != 0 && m.addr.Family != syscall.AF_UNIX:
		return syscall.EINVAL
	case size > u.options.sendBuf-32:
		return syscall.EMSGSIZE
	case u.err != 0:
		return u.take()
	case u.shut&writing != 0:
		return syscall.EPIPE
	case u.sent >= u.options.sendBuf:
		return syscall.EAGAIN
	}
	return 0
}

// rejected is why v does not take a packet.
func (u *unix) rejected(v *unix) sys.Errno {
	switch {
	case v.peer != nil && v.peer != u:
		return syscall.EPERM
	case v.closed:
		return u.refused(v)
	case v.shut&reading != 0:
		return syscall.EPIPE
	case v.peer != u && v.crowded():
		return syscall.EAGAIN
	}
	return 0
}

// apart is what keeps a seqpacket socket from sending before anybody looks at
// the packet.
func (u *unix) apart() sys.Errno {
	switch {
	case u.kind != syscall.SOCK_SEQPACKET:
		return 0
	case u.err != 0:
		return u.take()
	case !u.joined:
		return syscall.ENOTCONN
	}
	return 0
}

// receiver is who a packet goes to.
func (u *unix) receiver(m *message) (*unix, sys.Errno) {
	switch {
	case u.oriented(), m.addr.Family == 0 && u.peer != nil:
		return u.peer, 0
	case m.addr.Family == 0:
		return nil, syscall.ENOTCONN
	}
	return u.host.find(m.addr.Path, u.kind)
}

// refused is the answer of a peer that has been closed: once, for a datagram
// socket, which has none from then on.
func (u *unix) refused(v *unix) sys.Errno {
	if u.oriented() {
		return syscall.EPIPE
	}
	if u.peer == v {
		u.peer, u.joined = nil, false
		u.purge()
	}
	return syscall.ECONNREFUSED
}

// crowded tells whether so many wait at the socket that a sender has to.
func (u *unix) crowded() bool { return len(u.packets) > u.limit() }

func (u *unix) limit() int {
	if u.listens || u.backlog > 0 {
		return u.backlog
	}
	return u.host.Limits.Grams
}

// admitted tells whether the peer would take a packet; if not, it tells when
// it does.
func (u *unix) admitted() bool {
	v := u.peer
	if v == nil || v.peer == u || v.closed || !v.crowded() {
		return true
	}
	if !slices.Contains(v.senders, u) {
		v.senders = append(v.senders, u)
	}
	return false
}

func (u *unix) wakeSenders() {
	waiting := u.senders
	u.senders = nil
	for _, s := range waiting {
		if !s.closed {
			s.file.wake(sys.Out)
		}
	}
}

func (u *unix) recvPacket(m *message) (int, sys.Errno) {
	switch {
	case u.err != 0:
		return 0, u.take()
	case len(u.packets) > 0:
	case u.kind == syscall.SOCK_SEQPACKET && u.shut&reading != 0:
		return 0, 0
	default:
		return 0, syscall.EAGAIN
	}
	k := u.packets[0]
	u.packets = slices.Delete(u.packets, 0, 1)
	n := m.scatter(k.data, 0)
	m.addr, m.cut = k.from.named(), n < len(k.data)
	if len(k.rights) > 0 {
		u.bring(m, k.rights)
	}
	u.wakeSenders()
	k.from.freed(k.cost())
	return n, 0
}

// named is the address that goes with what u has sent: nothing without a name.
func (u *unix) named() sys.Addr {
	if u.path == "" {
		return sys.Addr{}
	}
	return u.address()
}
