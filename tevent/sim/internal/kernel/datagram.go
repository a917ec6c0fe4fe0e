package kernel

import (
	"net/netip"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// datagram is one of UDP, under way or received.
type datagram struct {
	timer timer
	net   *Net
	from  *Host
	src   netip.AddrPort // at its sender
	to    *Host
	dst   netip.AddrPort // at to
	named netip.AddrPort // where its sender sent it
	seen  netip.AddrPort // src at to
	data  []byte
	icmp  bool // the answer to one, on its way back: nobody has the port
}

// largest is how many bytes a datagram has at most.
const largest = 65507

func (d *datagram) cost() int { return len(d.data) + overhead }

func (n *Net) datagram() *datagram {
	if k := len(n.grams); k > 0 {
		d := n.grams[k-1]
		n.grams = n.grams[:k-1]
		return d
	}
	d := &datagram{net: n}
	d.timer.do = d
	return d
}

func (n *Net) recycle(d *datagram) {
	*d = datagram{timer: d.timer, net: n, data: d.data[:0]}
	n.grams = append(n.grams, d)
}

func (u *udp) send(_ *Proc, m *message) (int, sys.Errno) {
	if e := u.autobind(); e != 0 {
		return 0, e
	}
	size := m.size()
	to, e := u.destination(m)
	switch {
	case size > largest:
		return 0, syscall.EMSGSIZE
	case e != 0:
		return 0, e
	case u.err != 0:
		return 0, u.take()
	case u.shut&writing != 0:
		return 0, syscall.EPIPE
	}
	src := u.local
	if src.Addr().IsUnspecified() {
		ip, ok := u.host.source(to.Addr())
		if !ok {
			return 0, syscall.ENETUNREACH
		}
		src = netip.AddrPortFrom(ip, src.Port())
	}
	if src.Addr().Is4() && to.Addr().Is6() {
		return 0, syscall.EAFNOSUPPORT
	}
	segment, e := u.segments(m, size, to.Addr())
	if e != 0 {
		return 0, e
	}
	for at := 0; at == 0 || at < size; at += segment {
		u.host.emit(src, to, m, at, min(segment, size-at))
	}
	u.file.wake(sys.Out) // it has left the buffer
	return size, 0
}

// destination is where m goes.
func (u *udp) destination(m *message) (netip.AddrPort, sys.Errno) {
	if m.addr.Family == 0 {
		if !u.peer.IsValid() {
			return u.peer, syscall.EDESTADDRREQ
		}
		return u.peer, 0
	}
	if e := u.sends(&m.addr); e != 0 {
		return netip.AddrPort{}, e
	}
	to := target(m.addr.Inet, u.local.Addr())
	if to.Port() == 0 {
		return to, syscall.EINVAL
	}
	return to, u.permitted(to.Addr())
}

// sends tells what is wrong with an address to send to, as connects does.
func (u *udp) sends(a *sys.Addr) sys.Errno {
	switch e := u.connects(a); {
	case e != syscall.EAFNOSUPPORT || u.family != syscall.AF_INET6:
		return e
	case a.Family == syscall.AF_INET:
		return syscall.ENETUNREACH
	}
	return syscall.EINVAL
}

// emit puts a datagram of size bytes of m on its way, from the byte at on, or two,
// or none.
func (h *Host) emit(src, dst netip.AddrPort, m *message, at, size int) {
	n := h.net
	if everybody := dst.Addr() == netip.AddrFrom4([4]byte{255, 255, 255, 255}); everybody || dst.Addr().IsMulticast() {
		for _, to := range n.hosts {
			if (to != h || !everybody) && to.nat == h.nat {
				h.launch(to, src, dst, dst, m, at, size)
			}
		}
		return
	}
	to, arrives, _ := h.route(dst, false)
	if to == nil {
		return
	}
	h.launch(to, src, dst, arrives, m, at, size)
	if n.chance(n.Link(h, to).Duplicate) {
		n.counts.Doubled++
		h.launch(to, src, dst, arrives, m, at, size)
	}
}

func (h *Host) launch(to *Host, src, named, arrives netip.AddrPort, m *message, at, size int) {
	n := h.net
	l := n.Link(h, to)
	if l.Down || l.loses(n) {
		return
	}
	d := n.datagram()
	d.from, d.src, d.to, d.dst, d.named = h, src, to, arrives, named
	d.seen = h.seen(to, src, false)
	if cap(d.data) < size {
		d.data = make([]byte, size)
	}
	d.data = d.data[:size]
	if size > 0 {
		m.gather(d.data, at)
	}
	n.agenda.set(&d.timer, l.datagramAt(n))
}

// datagramAt is when a datagram that is sent now arrives: behind those before
// it unless it is held back, or the way has become quicker.
func (l *Link) datagramAt(n *Net) int64 {
	n.counts.Sent++
	at := n.now + l.Latency.draw(n)
	if l.last > n.now+l.Latency.Max {
		l.last = at
	}
	if n.chance(l.Reorder) {
		n.counts.Held++
		return at + n.rand.Int64N(4*l.Latency.Max+1)
	}
	l.last = max(l.last, at)
	return l.last
}

func (d *datagram) happen() {
	n := d.net
	switch {
	case n.Link(d.from, d.to).Down:
		n.recycle(d)
	case d.icmp:
		d.unreachable()
	case d.dst.Addr().IsMulticast():
		d.multicast()
	default:
		d.arrive()
	}
}

func (d *datagram) arrive() {
	b := d.to.udp.best(d.dst, func(b *bound) bool { return b.owner.(*udp).takes(d.seen) })
	if b == nil && d.dst.Addr() != netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		d.answer()
		return
	}
	if b == nil || !b.owner.(*udp).arrived(d) {
		d.net.recycle(d)
	}
}

// answer sends the datagram back as an ICMP error: nobody has the port.
func (d *datagram) answer() {
	d.from, d.to, d.icmp = d.to, d.from, true
	l := d.net.Link(d.from, d.to)
	if d.net.chance(l.Loss) {
		d.net.recycle(d)
		return
	}
	d.net.after(&d.timer, l.Latency.draw(d.net))
}

// unreachable tells a connected sender, once, that nobody has the port.
func (d *datagram) unreachable() {
	b := d.to.udp.best(d.src, func(b *bound) bool { return b.owner.(*udp).peer == d.named })
	if b != nil {
		b.owner.(*udp).fail(syscall.ECONNREFUSED)
	}
	d.net.recycle(d)
}
