//go:build linux

package fidelity

import (
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// sendall sends a packet for each piece of data, all to one address.
func sendall(r *run, s *step) string {
	to := r.address(s.arg(1))
	segment := 0
	if after := s.after("segment"); len(after) > 0 {
		fmt.Sscan(after[0], &segment)
	}
	var ps []sys.Packet
	for _, b := range buffers(s.until(2, "segment")) {
		ps = append(ps, sys.Packet{Msg: sys.Msg{Bufs: [][]byte{b}}, Addr: to, Segment: segment})
	}
	n, e := r.kernel.SendPackets(r.fd(s.arg(0)), ps)
	if e != 0 {
		return errnoName(e)
	}
	var sizes []int
	for i := range n {
		sizes = append(sizes, ps[i].N)
	}
	return fmt.Sprint(n, sizes)
}

// recvall receives at most so many packets of a size.
func recvall(r *run, s *step) string {
	ps := make([]sys.Packet, s.int(2))
	for i := range ps {
		ps[i].Bufs = [][]byte{make([]byte, s.int(1))}
	}
	n, e := r.kernel.RecvPackets(r.fd(s.arg(0)), ps)
	var all []string
	for i := range n {
		p := &ps[i]
		all = append(all, join(show(p.Bufs[0][:p.N]), "from", r.where(p.Addr), cut(p.Cut)))
	}
	if e != 0 && (n == 0 || e != unix.EAGAIN) {
		all = append(all, errnoName(e))
	}
	return strings.Join(all, ", ")
}

func joinGroup(r *run, s *step) string {
	return answer(r.kernel.Join(r.fd(s.arg(0)), netip.MustParseAddr(s.arg(1)), s.arg(2)))
}

func leaveGroup(r *run, s *step) string {
	return answer(r.kernel.Leave(r.fd(s.arg(0)), netip.MustParseAddr(s.arg(1)), s.arg(2)))
}
