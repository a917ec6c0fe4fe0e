package machine

import "github.com/tsocket-go/tsocket/precon/internal/wire"

// commit opens the path: both sides said OK and both confirmations are right.
// EOF is our last frame, so what the user writes follows it.
func (m *Machine) commit() {
	count, sum := m.confirm()
	m.send(wire.EOF{Count: count, Confirm: sum}.Frame())
	m.try.half = opened
	m.do(Open{m.try.n, m.try.rung})
	m.become(Commit)
}

// arrived reads the peer's EOF. It must cover our OK, so that together with its
// OK every frame before EOF is confirmed.
func (m *Machine) arrived(f frame) {
	eof, err := wire.DecodeEOF(f.Payload)
	switch {
	case err != nil:
		m.breach(err.Error())
	case eof.Count < m.try.okAt || !m.confirmed(f.before, eof.Confirm, eof.Count):
		m.fail(wire.Confirm, "EOF")
	default:
		m.become(Up)
		m.do(Handover{})
	}
}

// told reads the peer's FAIL, which is never answered.
func (m *Machine) told(f frame) {
	v, err := wire.DecodeFail(f.Payload)
	if err != nil {
		m.breach(err.Error())
		return
	}
	m.end(&Fault{Kind: Theirs, Reason: v.Reason, Text: v.Text, Tried: v.Tried})
}

// breach ends the negotiation because of what the peer sent.
func (m *Machine) breach(what string) {
	if m.state == Greet {
		m.end(&Fault{Kind: Stranger, Text: what})
		return
	}
	m.fail(wire.Protocol, what)
}

// fail ends the negotiation for a reason of ours.
func (m *Machine) fail(reason wire.Reason, text string) {
	m.end(&Fault{Kind: Ours, Reason: reason, Text: wire.Clip(text), Tried: m.refusals()})
}

// end is the one way down. Our reasons are told to a peer that has our VERSION
// and not yet our EOF; with an open path the bootstrap is reset unless the peer
// ended it itself.
func (m *Machine) end(f *Fault) {
	f.State, f.Attempt, f.Mine, f.Peer = m.state, m.try.n, m.cfg.Versions, m.peerRange
	f.Heard = m.try.n > 1 || m.try.peer != unsaid
	f.Open = m.try.half == opened
	m.fault = f
	m.cancelHalf(f)
	m.held = nil
	if f.Kind == Ours && m.sent.n > 0 && !f.Open {
		m.send(wire.Fail{Reason: f.Reason, Text: f.Text, Tried: f.Tried}.Frame())
		m.do(ShutWrite{})
		m.become(Ending)
		return
	}
	m.close(f.Open && f.Kind == Ours)
}

// close leaves for good; the fault is reported once our half is released.
func (m *Machine) close(reset bool) {
	m.do(Close{Reset: reset})
	m.become(Down)
	m.report()
}

func (m *Machine) report() {
	if m.try.half != releasing {
		m.do(Report{m.fault})
	}
}

// over reports whether frames and most events no longer matter.
func (m *Machine) over() bool { return m.state == Ending || m.state == Down }
