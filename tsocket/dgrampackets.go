package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// packets is the form in which the kernel takes the datagrams of one call. It
// stays with its endpoint, so that a call allocates nothing.
type packets struct {
	ps   []sys.Packet
	bufs [][]byte // of ps
	runs []int    // how many datagrams each of ps is that is sent
}

// most is how many datagrams one call moves at most; those that are sent may be
// several to a packet.
const most = 4 * sys.MaxPackets

// next is one more packet, the i-th.
func (x *packets) next(i int) *sys.Packet {
	if i == len(x.ps) {
		x.ps = append(x.ps, sys.Packet{})
	}
	return &x.ps[i]
}

// room is packets to receive ps into.
func (x *packets) room(ps []Packet) []sys.Packet {
	x.bufs = x.bufs[:0]
	n := min(len(ps), sys.MaxPackets)
	for i := range n {
		x.bufs = append(x.bufs, ps[i].Buf)
	}
	for i := range n {
		p := x.next(i)
		p.Bufs, p.Segment = x.bufs[i:i+1], 0
	}
	return x.ps[:n]
}

// deliver tells what came: n packets, to a socket of family.
func (x *packets) deliver(ps []Packet, n, family int) {
	for i := range n {
		from, to := &x.ps[i], &ps[i]
		to.N, to.Truncated, to.Err = from.N, from.Cut&sys.CutBytes != 0, nil
		to.Addr = senderOf(from.Addr, family)
	}
}

// senderOf is the address of who has sent to a socket of family; one of unix may
// have no name.
func senderOf(a sys.Addr, family int) Address {
	if family == syscall.AF_UNIX {
		return Address{path: a.Path, unix: true}
	}
	return addressOf(a)
}

// load is packets that send ps from a socket of family. Datagrams of at most
// segment bytes are put together.
func (x *packets) load(ps []Packet, family, segment int) []sys.Packet {
	x.bufs, x.runs = x.bufs[:0], x.runs[:0]
	ps = ps[:min(len(ps), most)]
	for len(ps) > 0 && len(x.runs) < sys.MaxPackets {
		n, start := run(ps, segment), len(x.bufs)
		for i := range n {
			x.bufs = append(x.bufs, ps[i].Buf)
		}
		p := x.next(len(x.runs))
		p.Bufs, p.Segment = x.bufs[start:], 0
		if n > 1 {
			p.Segment = len(ps[0].Buf)
		}
		ps[0].Addr.target(&p.Addr, family)
		x.runs = append(x.runs, n)
		ps = ps[n:]
	}
	return x.ps[:len(x.runs)]
}

// datagrams is how many the first n packets are that were loaded.
func (x *packets) datagrams(n int) (sum int) {
	for _, r := range x.runs[:n] {
		sum += r
	}
	return sum
}

// run is how many of ps may be sent as one packet: they go to one address and are
// as long, but for the last, which may be shorter.
func run(ps []Packet, segment int) int {
	size := len(ps[0].Buf)
	if size == 0 || size > segment {
		return 1
	}
	total, n := size, 1
	for n < min(len(ps), sys.MaxSegments) && ps[n].Addr == ps[0].Addr {
		l := len(ps[n].Buf)
		if l == 0 || l > size || total+l > largestDatagram {
			break
		}
		total += l
		n++
		if l < size {
			break
		}
	}
	return n
}

// largestDatagram is how many bytes one of UDP has at most.
const largestDatagram = 65507

// target sets to to a as a socket of family sends to it: one of IPv6 takes IPv4
// in the form of its own.
func (a *Address) target(to *sys.Addr, family int) {
	switch {
	case !a.IsValid():
		*to = sys.Addr{}
	case a.unix:
		*to = sys.Addr{Family: syscall.AF_UNIX, Path: a.path}
	case family == syscall.AF_INET6 || a.inet.Addr().Is4():
		*to = sys.Addr{Family: family, Inet: a.inet}
	default: // the wrong family, which the kernel refuses
		*to = sys.Addr{Family: syscall.AF_INET6, Inet: a.inet}
	}
}

// forget keeps no buffer alive.
func (x *packets) forget() { clear(x.bufs) }
