package machine

import "github.com/tsocket-go/tsocket/precon/internal/wire"

// frame is a frame of the peer and the peer's transcript in front of it.
type frame struct {
	wire.Frame
	before wire.Sum
}

// Frame takes one frame whose header [wire.ParseHeader] accepted. The payload is
// not kept after the return.
func (m *Machine) Frame(t wire.Type, payload []byte) []Action {
	m.fresh()
	if m.over() {
		m.dropped++
		return nil
	}
	f := frame{wire.Frame{Type: t, Payload: payload}, m.recv.sum}
	m.recv.add(f.Frame)
	switch {
	case m.recv.n > wire.MaxFrames && t != wire.TypeEOF && t != wire.TypeFail:
		m.breach("too many frames")
	case t.Ignorable():
		m.ignore()
	default:
		m.step(f)
	}
	return m.out
}

// ignore skips a frame we need not know. Behind the peer's OK there is none.
func (m *Machine) ignore() {
	m.ignored++
	if m.state == Greet || m.try.peer == okSaid || m.ignored > wire.MaxIgnorables {
		m.breach("ignorable frame out of turn or too many")
	}
}

// step gives a frame to the handler of the state. What a handler does not name
// is a protocol error.
func (m *Machine) step(f frame) {
	switch m.state {
	case Greet:
		m.inGreet(f)
	case Hello:
		m.inHello(f)
	case Idle:
		m.inIdle(f)
	case Try, Said:
		m.inAttempt(f)
	case Release:
		m.inRelease(f)
	case Commit:
		m.inCommit(f)
	default:
		m.unexpected(f)
	}
}

func (m *Machine) inGreet(f frame) {
	switch f.Type {
	case wire.TypeVersion:
		m.greeted(f)
	default:
		m.unexpected(f)
	}
}

func (m *Machine) inHello(f frame) {
	switch f.Type {
	case wire.TypeConInfo:
		m.met(f)
	case wire.TypeFail:
		m.told(f)
	default:
		m.unexpected(f)
	}
}

func (m *Machine) inIdle(f frame) {
	switch f.Type {
	case wire.TypeReq:
		m.requested(f)
	case wire.TypeStep:
		m.stepped(f)
	case wire.TypeFail:
		m.told(f)
	default:
		m.unexpected(f)
	}
}

func (m *Machine) inAttempt(f frame) {
	switch f.Type {
	case wire.TypeStep:
		m.stepped(f)
	case wire.TypeOK:
		m.ok(f)
	case wire.TypeNext:
		m.next(f)
	case wire.TypeFail:
		m.told(f)
	default:
		m.unexpected(f)
	}
}

func (m *Machine) inRelease(f frame) {
	switch f.Type {
	case wire.TypeReq, wire.TypeStep, wire.TypeOK, wire.TypeNext:
		m.hold(f)
	case wire.TypeFail:
		m.told(f)
	default:
		m.unexpected(f)
	}
}

func (m *Machine) inCommit(f frame) {
	switch f.Type {
	case wire.TypeEOF:
		m.arrived(f)
	case wire.TypeFail:
		m.told(f)
	default:
		m.unexpected(f)
	}
}

func (m *Machine) unexpected(f frame) { m.breach(f.Type.String() + " in " + m.state.String()) }
