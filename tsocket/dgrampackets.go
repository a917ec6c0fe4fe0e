package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// packets is the form in which the kernel takes the datagrams of one call. It
// stays with its endpoint, so that a call allocates nothing.
type packets struct {
	ps   []sys.Packet
	bufs [][]byte // of ps, one each
}

// most is how many datagrams one call moves.
const most = 1

// take is packets for n datagrams.
func (x *packets) take(n int) []sys.Packet {
	n = min(n, most)
	for len(x.ps) < n {
		x.ps, x.bufs = append(x.ps, sys.Packet{}), append(x.bufs, nil)
	}
	for i := range n {
		x.ps[i].Bufs = x.bufs[i : i+1]
	}
	return x.ps[:n]
}

// room is packets to receive ps into.
func (x *packets) room(ps []Packet) []sys.Packet {
	out := x.take(len(ps))
	for i := range out {
		x.bufs[i] = ps[i].Buf
	}
	return out
}

// deliver tells what came: n packets, to a socket of family.
func (x *packets) deliver(ps []Packet, n, family int) {
	for i := range n {
		from := &x.ps[i]
		to := &ps[i]
		to.N, to.Truncated, to.Err = from.N, from.Cut&sys.CutBytes != 0, nil
		to.Addr = addressOf(from.Addr)
		to.Addr.unix = family == syscall.AF_UNIX // who has no name too
	}
}

// load is packets that send ps from a socket of family.
func (x *packets) load(ps []Packet, family int) []sys.Packet {
	out := x.take(len(ps))
	for i := range out {
		x.bufs[i] = ps[i].Buf
		ps[i].Addr.target(&out[i].Addr, family)
	}
	return out
}

// target sets to to a as a socket of family sends to it: one of IPv6 takes IPv4
// in the form of its own.
func (a Address) target(to *sys.Addr, family int) {
	switch {
	case !a.IsValid():
		*to = sys.Addr{}
	case a.unix || family != syscall.AF_INET6:
		*to = *a.kernel()
	default:
		*to = sys.Addr{Family: syscall.AF_INET6, Inet: a.inet}
	}
}

// forget keeps no buffer alive.
func (x *packets) forget() { clear(x.bufs) }
