package oracle

import (
	"fmt"
	"net/netip"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Amplification judges datagrams: to an address that has proved nothing a
// process sends no more bytes than it has received from there.
type Amplification struct {
	// Trusted tells whether a peer has proved that the address is its own; nil
	// trusts nobody.
	Trusted func(p *sim.Proc, peer netip.AddrPort) bool

	credit map[flow]int
}

// flow is what one process has with one address.
type flow struct {
	p    *sim.Proc
	peer netip.AddrPort
}

// Saw implements sim.Oracle.
func (a *Amplification) Saw(e *sim.Event) error {
	if e.Moment != sim.Called || e.Errno != 0 || !e.Peer.IsValid() {
		return nil
	}
	if a.credit == nil {
		a.credit = map[flow]int{}
	}
	f := flow{e.Proc, e.Peer}
	switch e.Call {
	case "RecvPacket", "RecvPackets":
		a.credit[f] += e.N
	case "SendPacket", "SendPackets":
		a.credit[f] -= e.N
		if a.credit[f] < 0 && (a.Trusted == nil || !a.Trusted(e.Proc, e.Peer)) {
			return fmt.Errorf("%v has sent %d bytes more to %v than it got from there", e.Proc, -a.credit[f], e.Peer)
		}
	}
	return nil
}
