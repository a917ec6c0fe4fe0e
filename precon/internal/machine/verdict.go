package machine

import "github.com/tsocket-go/tsocket/precon/internal/wire"

// giveUp says NEXT for our side.
func (m *Machine) giveUp(reason wire.Reason, text string) {
	text = wire.Clip(text)
	m.blame(Trial{Reason: reason, Text: text})
	m.cancelHalf(m.try.why)
	m.try.mine = nextSaid
	m.send(wire.Next{Attempt: m.try.n, Reason: reason, Text: text}.Frame())
	m.settle()
}

// blame keeps the first reason why the attempt failed, but Order from either
// side counts even if it came second.
func (m *Machine) blame(t Trial) {
	t.Attempt, t.Arch = m.try.n, m.try.rung.Arch
	if m.try.why == nil || t.Reason == wire.Order {
		m.try.why = &t
	}
}

// finished says OK for our half, unless the peer's OK, read before our half knew
// its secret, turns out wrong.
func (m *Machine) finished(secret []byte) {
	m.try.half, m.try.key = done, confirmKey(m.cfg.Key, secret)
	if m.try.peer == okSaid && !m.okConfirmed() {
		m.fail(wire.Confirm, "OK")
		return
	}
	count, sum := m.confirm()
	m.try.mine = okSaid
	m.send(wire.OK{Attempt: m.try.n, Count: count, Confirm: sum}.Frame())
	m.try.okAt = m.sent.n
	m.settle()
}

// ok notes the peer's OK; it is verified as soon as ours is said.
func (m *Machine) ok(f frame) {
	ok, err := wire.DecodeOK(f.Payload)
	switch {
	case err != nil:
		m.breach(err.Error())
		return
	case ok.Attempt != m.try.n || m.try.peer != unsaid:
		m.breach("OK out of turn")
		return
	}
	m.try.peer, m.try.ok, m.try.before = okSaid, ok, f.before
	if m.try.mine == okSaid && !m.okConfirmed() {
		m.fail(wire.Confirm, "OK")
		return
	}
	if m.try.mine != unsaid {
		m.settle()
	}
}

func (m *Machine) okConfirmed() bool {
	return m.confirmed(m.try.before, m.try.ok.Confirm, m.try.ok.Count)
}

// next takes the peer's NEXT; a verdict of ours that is missing follows at once.
func (m *Machine) next(f frame) {
	next, err := wire.DecodeNext(f.Payload)
	switch {
	case err != nil:
		m.breach(err.Error())
		return
	case next.Attempt != m.try.n || m.try.peer != unsaid:
		m.breach("NEXT out of turn")
		return
	case next.Reason == wire.Order && next.Attempt != 1:
		m.breach("only REQ(1) may be out of order")
		return
	}
	m.try.peer = nextSaid
	m.blame(Trial{Reason: next.Reason, Text: next.Text, Peer: true})
	if m.try.mine == unsaid {
		m.giveUp(wire.Followed, "")
		return
	}
	m.settle()
}

// settle goes on after a verdict of ours or, ours being said, of the peer.
func (m *Machine) settle() {
	switch {
	case m.try.peer == unsaid:
		m.become(Said)
	case m.try.mine == okSaid && m.try.peer == okSaid:
		m.commit()
	default:
		m.failed()
	}
}

// failed ends the attempt. The next one waits until our half is released.
func (m *Machine) failed() {
	m.trials = append(m.trials, *m.try.why)
	m.cancelHalf(m.try.why)
	if m.try.half == releasing {
		m.become(Release)
		return
	}
	m.onward()
}

// onward leaves a failed attempt of which nothing is left on our side.
func (m *Machine) onward() {
	if m.mine.Role == wire.Active {
		m.advance()
		return
	}
	m.become(Idle)
	held := m.held
	m.held, m.heldBytes = nil, 0
	for _, f := range held {
		if m.over() {
			return
		}
		m.step(f)
	}
}
