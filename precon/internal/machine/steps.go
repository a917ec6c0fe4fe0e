package machine

import (
	"bytes"
	"errors"
	"slices"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// Errors of [Machine.SendStep].
var (
	ErrHalfOver  = errors.New("precon: the attempt is over or has our verdict")
	ErrStepLimit = errors.New("precon: more or larger STEPs than an attempt may have")
)

// SendStep sends contact data of our half to the peer's. It is refused with
// ErrHalfOver unless the half of this attempt runs, and with ErrStepLimit beyond
// [wire.MaxSteps], [wire.MaxStepData] or [wire.MaxAttempt], or when the frames
// that the remaining rungs may need would no longer fit [wire.MaxFrames].
func (m *Machine) SendStep(attempt uint32, data []byte) ([]Action, error) {
	m.fresh()
	if attempt != m.try.n || m.try.half != running {
		return nil, ErrHalfOver
	}
	f := wire.Step{Attempt: attempt, Data: data}.Frame()
	need := 2 * uint32(len(m.untried())) // our verdict here, REQ and verdict of each further rung
	if m.try.stepsOut == wire.MaxSteps || m.try.bytesOut+f.Len() > wire.MaxAttempt || m.sent.n+need > wire.MaxFrames {
		return nil, ErrStepLimit
	}
	m.try.stepsOut++
	m.try.bytesOut += f.Len()
	m.send(f)
	return m.out, nil
}

// stepped takes the peer's STEP: to our half if it still cares, dropped if the
// attempt or our part in it is over.
func (m *Machine) stepped(f frame) {
	s, err := wire.DecodeStep(f.Payload)
	switch {
	case err != nil:
		m.breach(err.Error())
	case s.Attempt < m.try.n || s.Attempt == m.try.n && m.state == Idle:
		m.dropped++
	case s.Attempt > m.try.n || m.try.peer != unsaid:
		m.breach("STEP out of turn")
	case m.try.stepsIn == wire.MaxSteps || m.try.bytesIn+f.Len() > wire.MaxAttempt:
		m.breach("too many or too large STEPs")
	default:
		m.try.stepsIn++
		m.try.bytesIn += f.Len()
		m.deliver(s)
	}
}

func (m *Machine) deliver(s wire.Step) {
	if m.try.mine == nextSaid {
		m.dropped++
		return
	}
	m.do(Deliver{s.Attempt, bytes.Clone(s.Data)})
}

// maxHeld bounds what hold keeps, in bytes: one attempt and its verdict.
const maxHeld = wire.MaxAttempt + 256

// hold keeps the frames of the next attempt until our half is released. Only
// the passive side holds: the active one starts attempts itself. Order and
// numbers are checked when they are taken up.
func (m *Machine) hold(f frame) {
	begins := f.Type == wire.TypeReq
	switch {
	case f.Type == wire.TypeStep && len(m.held) == 0:
		m.late(f)
	case begins != (len(m.held) == 0) || m.mine.Role == wire.Active:
		m.breach(f.Type.String() + " out of turn")
	case m.heldBytes+f.Len() > maxHeld:
		m.breach("too much ahead")
	default:
		f.Payload = slices.Clone(f.Payload)
		m.held, m.heldBytes = append(m.held, f), m.heldBytes+f.Len()
	}
}

// late drops a STEP of an attempt that is over.
func (m *Machine) late(f frame) {
	s, err := wire.DecodeStep(f.Payload)
	if err != nil || s.Attempt > m.try.n {
		m.breach("STEP out of turn")
		return
	}
	m.dropped++
}
