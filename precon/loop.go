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
		a := l.Addr()
		if a == addr {
			return l
		}
		ip := addr.AddrPort().Addr()
		if !a.IsUnix() && a.AddrPort().Port() == addr.AddrPort().Port() &&
			a.AddrPort().Addr().IsUnspecified() && ip.IsLoopback() {
			return l
		}
	}
	return nil
}

func (e *Endpoint) forget(l *Listener) {
	if i := slices.Index(e.looks, l); i >= 0 {
		e.looks = slices.Delete(e.looks, i, i+1)
	}
}

// loop connects a dial with a listener of the same endpoint: no wire, but an
// accept and a plan as on any path.
func (e *Endpoint) loop(d *dialOp, l *Listener) {
	arch := e.looper()
	a, b := arch.Loop(e.ev)
	if s := d.session; s != nil {
		d.session = nil
		s.boot.Close()
	}
	plan := Plan{Peer: e.cfg.Name, Version: 0, Path: arch.Name(), Lines: []PlanLine{{Arch: arch.Name(), Mine: 1, Theirs: 1, Result: Chosen}}}
	plan.Active = true
	d.Done(&Conn{stream: a, plan: plan})
	plan.Active = false
	l.give(&Conn{stream: b, plan: plan})
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
