package kernel

import (
	"net/netip"
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// mostSegments is how many datagrams one packet may be (UDP_MAX_SEGMENTS).
const mostSegments = 128

// RecvPackets receives datagrams. An error comes before what waits, also where
// RecvPacket sees it differently; one that is met after some is the next call's.
func (p *Proc) RecvPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	s, e := p.socket(fd)
	if e == 0 {
		e = s.base().take()
	}
	if e != 0 {
		return 0, e
	}
	ps = ps[:min(len(ps), sys.MaxPackets)]
	for i := range ps {
		k := &ps[i]
		m := message{bufs: k.Bufs, packet: true}
		n, e := s.recv(p, &m)
		if e != 0 && e != syscall.EAGAIN && i > 0 {
			s.base().fail(e)
			e = syscall.EAGAIN
		}
		if e != 0 {
			return i, e
		}
		k.N, k.Addr, k.Cut = n, m.addr, 0
		if m.cut {
			k.Cut = sys.CutBytes
		}
		if k.Segment > 0 {
			k.Segment = m.segment
		}
		p.install(k, m.rights)
	}
	return len(ps), 0
}

// SendPackets sends datagrams, up to one that cannot be sent.
func (p *Proc) SendPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	s, e := p.socket(fd)
	if e != 0 {
		return 0, e
	}
	ps = ps[:min(len(ps), sys.MaxPackets)]
	for i := range ps {
		n, e := sendOne(p, s, &ps[i])
		switch {
		case e != 0 && i == 0:
			return 0, e
		case e != 0:
			return i, 0
		}
		ps[i].N = n
	}
	return len(ps), 0
}

// sendOne sends a packet that may be several datagrams.
func sendOne(p *Proc, s socket, k *sys.Packet) (int, sys.Errno) {
	if k.Addr.Family != 0 {
		if e := wellFormed(&k.Addr); e != 0 {
			return 0, e
		}
	}
	if u, ok := s.(*unix); ok {
		if e := u.apart(); e != 0 {
			return 0, e
		}
	}
	return s.send(p, &message{bufs: k.Bufs, packet: true, addr: k.Addr, segment: k.Segment})
}

// segments is how many bytes make a datagram each of those that m is, of size
// bytes to an address; all of them if nobody has asked for less.
func (u *udp) segments(m *message, size int, to netip.Addr) (int, sys.Errno) {
	segment := m.segment
	if segment == 0 {
		segment = u.options.segment
	}
	switch {
	case segment == 0 || size <= segment:
		return max(size, 1), 0
	case segment > packetMost && !u.host.own(to) && !to.IsLoopback():
		return 0, syscall.EMSGSIZE
	case size > segment*mostSegments:
		return 0, syscall.EINVAL
	}
	return segment, 0
}

// packetMost is how long a datagram is that a link takes in one piece.
const packetMost = 1500 - 48

// joins adds to the datagram d, which has been taken from the queue, what follows
// from the same sender and is as long, of which the last may be shorter. It
// returns how long one is, 0 if d is alone.
//
// Linux joins what was sent joined, or came so from the network device; here any
// will do.
func (u *udp) joins(d *datagram) int {
	one, n := len(d.data), 1
	for ; u.options.join != 0 && n < sys.MaxSegments && len(u.queue) > 0; n++ {
		next := u.queue[0]
		if next.seen != d.seen || len(next.data) > one || len(next.data) == 0 || len(d.data)+len(next.data) > largest {
			break
		}
		last := len(next.data) < one
		u.queue = slices.Delete(u.queue, 0, 1)
		u.used -= next.cost()
		d.data = append(d.data, next.data...)
		u.host.net.recycle(next)
		if last {
			return one
		}
	}
	if n == 1 {
		return 0
	}
	return one
}
