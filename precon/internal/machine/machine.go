package machine

import (
	"errors"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// Machine is one side of one negotiation. Owned by the loop.
type Machine struct {
	cfg  Config       // immutable
	mine wire.ConInfo // immutable but for Conn, which the passive side learns

	state     State         // changed by become only
	version   uint16        // selected; 0 until the peer's VERSION was accepted
	peerRange wire.Range    // zero until the peer's VERSION was read
	peer      *wire.ConInfo // nil until accepted, then immutable
	ladder    []Rung        // immutable once peer is set
	trials    []Trial       // append-only; at most one of each arch, and one out of order
	try       attempt       // the running or last one
	held      []frame       // a REQ and what follows it; empty outside Release
	heldBytes int           // of held, headers included
	sent      outbox        // every frame we queued
	recv      transcript    // every frame the peer sent, until Ending
	ignored   int           // ignorable frames read, at most wire.MaxIgnorables
	dropped   int           // frames dropped as too late
	fault     *Fault        // set once, by end
	out       []Action      // of the current input
}

// New returns a machine in Greet. The error tells which limit of the layout
// config.Mine breaks, or which member is missing.
func New(config Config) (*Machine, error) {
	if config.Versions == (wire.Range{}) {
		config.Versions = wire.Spoken
	}
	if config.Init == nil || !config.Versions.Valid() {
		return nil, errors.New("machine: Init or a valid range of versions is missing")
	}
	if err := config.Mine.Validate(); err != nil {
		return nil, err
	}
	return &Machine{cfg: config, mine: config.Mine, sent: newOutbox(), recv: newTranscript()}, nil
}

// Start returns the first actions: the active side sends VERSION, CON_INFO and
// REQ(1) for its best offer that Init takes, all without waiting. Called once,
// before any other input.
func (m *Machine) Start() []Action {
	m.fresh()
	if m.mine.Role == wire.Passive {
		return nil
	}
	if m.sent.n > 0 {
		panic("machine: Start in " + m.state.String() + " after frames were sent")
	}
	m.send(wire.Hello{Range: m.cfg.Versions, Role: wire.Active}.Frame())
	m.send(m.mine.Frame())
	if r, refused, ok := m.choose(guess(&m.mine)); ok {
		m.request(r, refused)
	}
	return m.out
}

// State returns where the negotiation stands.
func (m *Machine) State() State { return m.state }

// Limit returns the longest payload in bytes to take now, for
// [wire.ParseHeader].
func (m *Machine) Limit() uint32 {
	if m.state == Greet {
		return wire.MaxHello
	}
	return wire.MaxPayload
}

// Version returns the selected version, 0 before the peer's was accepted.
func (m *Machine) Version() uint16 { return m.version }

// Peer returns the peer's CON_INFO, nil before Met. Not to be changed.
func (m *Machine) Peer() *wire.ConInfo { return m.peer }

// Ladder returns the rungs of both sides, best first; nil before Met. Not to be
// changed.
func (m *Machine) Ladder() []Rung { return m.ladder }

// Trials returns what was not taken and why, in order. Not to be changed.
func (m *Machine) Trials() []Trial { return m.trials }

// Fault returns why the negotiation ended, nil while it has not. It is set from
// Ending on, before the action Report.
func (m *Machine) Fault() *Fault { return m.fault }

// Dropped counts the frames that came too late to matter, those of Ending
// included.
func (m *Machine) Dropped() int { return m.dropped }
