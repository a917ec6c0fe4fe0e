package machine

import (
	"cmp"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// greeted reads the peer's first frame. Whoever does not begin with a proper
// VERSION is a stranger and gets no answer.
func (m *Machine) greeted(f frame) {
	h, err := wire.DecodeHello(f.Payload)
	switch {
	case err != nil:
		m.end(&Fault{Kind: Stranger, Text: wire.Clip(err.Error())})
		return
	case h.Role == m.mine.Role:
		m.end(&Fault{Kind: Mirror})
		return
	}
	m.peerRange = h.Range
	if m.mine.Role == wire.Passive {
		m.send(wire.Hello{Range: m.cfg.Versions, Role: wire.Passive}.Frame())
	}
	v, ok := m.cfg.Versions.Common(h.Range)
	if !ok {
		m.fail(wire.Version, "")
		return
	}
	m.version = v
	m.become(Hello)
}

// met reads the peer's CON_INFO: first who it is, then whether we want it, then
// the ladder. The passive side answers only now.
func (m *Machine) met(f frame) {
	peer, err := wire.DecodeConInfo(f.Payload)
	active := m.mine.Role == wire.Active
	switch {
	case err != nil:
		m.breach(err.Error())
	case peer.Role == m.mine.Role || peer.Nonce == m.mine.Nonce:
		m.end(&Fault{Kind: Mirror})
	case peer.Endpoint == m.mine.Endpoint && !active && m.cfg.OwnDial != nil && m.cfg.OwnDial(peer.Conn):
		m.loop(peer.Conn)
	case peer.Endpoint == m.mine.Endpoint:
		m.fail(wire.SameID, "")
	case active && peer.Conn != m.mine.Conn:
		m.breach("CON_INFO for another connection")
	default:
		m.admit(&peer)
	}
}

// admit asks the policy, then goes on with the peer.
func (m *Machine) admit(peer *wire.ConInfo) {
	if m.cfg.Admit != nil {
		if r := m.cfg.Admit(peer); r != nil {
			m.fail(cmp.Or(r.Reason, wire.Policy), r.Text)
			return
		}
	}
	m.peer, m.ladder = peer, Ladder(&m.mine, peer)
	m.do(Met{})
	switch {
	case m.mine.Role == wire.Passive:
		m.mine.Conn = peer.Conn
		m.send(m.mine.Frame())
		m.become(Idle)
	case m.try.n == 0: // our Init had refused every offer
		m.advance()
	default:
		m.attend()
	}
}

// loop ends a bootstrap to ourselves: both ends are in this process.
func (m *Machine) loop(conn wire.ID) {
	m.do(Close{})
	m.become(Down)
	m.do(Loop{conn})
}
