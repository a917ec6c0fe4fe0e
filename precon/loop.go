package precon

import (
	"slices"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tsocket"
)

// listener is the endpoint's own listener at addr. One on every local address
// serves loopback addresses; any other address of the host shows itself when the
// bootstrap finds our own id at its other end.
func (e *Endpoint) listener(addr tsocket.Address) *Listener {
	for _, l := range e.looks {
		if a := l.Addr(); a == addr || everywhere(a, addr) {
			return l
		}
	}
	return nil
}

// everywhere reports whether a, on every local address, serves the loopback
// address addr: "[::]" serves IPv4 as well, "0.0.0.0" nothing else.
func everywhere(a, addr tsocket.Address) bool {
	if a.IsUnix() || addr.IsUnix() {
		return false
	}
	at, ip := a.AddrPort(), addr.AddrPort().Addr().Unmap()
	return at.Port() == addr.AddrPort().Port() && at.Addr().IsUnspecified() && ip.IsLoopback() &&
		(at.Addr().Is6() || ip.Is4())
}

func (e *Endpoint) forget(l *Listener) {
	if i := slices.Index(e.looks, l); i >= 0 {
		e.looks = slices.Delete(e.looks, i, i+1)
	}
}

// loop connects a dial with who serves this endpoint's connections: no wire, but
// an accept and a plan as on any path.
func (e *Endpoint) loop(d *dialOp, give func(*Conn)) {
	arch := e.looper()
	a, b := arch.Loop(e.ev)
	if s := d.session; s != nil {
		d.session = nil
		s.boot.Close()
	}
	plan := Plan{Peer: e.cfg.Name, Path: arch.Name(), Lines: []PlanLine{{Arch: arch.Name(), Mine: 1, Theirs: 1, Result: Chosen}}}
	plan.Active = true
	d.Done(&Conn{stream: a, plan: plan})
	plan.Active = false
	give(&Conn{stream: b, plan: plan})
}

// met is the moment at which a passive session knows its peer: what is held
// under the same connection is of a bootstrap the peer has lost.
func (e *Endpoint) met(s *session) {
	if s.mine.Role != wire.Passive {
		return
	}
	peer := s.m.Peer()
	s.key = sessionKey{peer.Endpoint, peer.Conn}
	if old := e.inbound[s.key]; old != nil {
		old.event(machine.Abort{Reason: wire.Cancelled, Text: "the peer came again"})
	}
	e.inbound[s.key] = s
}

// left forgets a session that has ended.
func (e *Endpoint) left(s *session) {
	if e.inbound[s.key] == s {
		delete(e.inbound, s.key)
	}
}
