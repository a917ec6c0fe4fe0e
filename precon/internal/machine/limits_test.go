package machine

import (
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// begun returns both sides in Try 1.
func begun(t *testing.T) (a, p *Machine) {
	w := scenario{active: archs, passive: archs}.world(t)
	w.pump()
	return w.ends[0].m, w.ends[1].m
}

// takes gives f to a copy of m n times and returns how many were taken before
// the protocol error.
func takes(m *Machine, f wire.Frame, n int) int {
	m = m.clone()
	for i := range n {
		m.Frame(f.Type, f.Payload)
		if m.Fault() != nil {
			return i
		}
	}
	return n
}

func TestPeerCannotExceedTheLimitsOfAnAttempt(t *testing.T) {
	a, p := begun(t)
	small := wire.Step{Attempt: 1}.Frame()
	large := wire.Step{Attempt: 1, Data: make([]byte, wire.MaxAttempt/4-12)}.Frame()
	huge := wire.Step{Attempt: 1, Data: make([]byte, wire.MaxStepData)}.Frame()
	for _, m := range []*Machine{a, p} {
		if got := takes(m, small, 20); got != wire.MaxSteps {
			t.Errorf("%v took %d STEPs", m.mine.Role, got)
		}
		if got := takes(m, huge, 1); got != 0 {
			t.Errorf("%v took a STEP above the limit of an attempt", m.mine.Role)
		}
	}
	if got := takes(a, large, 8); got != 4 {
		t.Errorf("took %d STEPs of a quarter each", got)
	}
	if got := takes(p, large, 8); got != 3 {
		t.Errorf("beside the REQ, took %d STEPs of a quarter each", got)
	}
}

func TestOwnHalfCannotExceedTheLimitsOfAnAttempt(t *testing.T) {
	a, p := begun(t)
	for _, m := range []*Machine{a, p} {
		if _, err := m.SendStep(1, make([]byte, wire.MaxStepData)); err != ErrStepLimit {
			t.Errorf("%v: huge STEP: %v", m.mine.Role, err)
		}
		if _, err := m.SendStep(2, nil); err != ErrHalfOver {
			t.Errorf("%v: STEP of another attempt: %v", m.mine.Role, err)
		}
		for i := 0; i < wire.MaxSteps; i++ {
			if _, err := m.SendStep(1, nil); err != nil {
				t.Errorf("%v: STEP %d: %v", m.mine.Role, i, err)
			}
		}
		if _, err := m.SendStep(1, nil); err != ErrStepLimit {
			t.Errorf("%v: one STEP more: %v", m.mine.Role, err)
		}
		m.Event(Expired{RungTimer})
		if _, err := m.SendStep(1, nil); err != ErrHalfOver {
			t.Errorf("%v: STEP behind the verdict: %v", m.mine.Role, err)
		}
	}
}

func TestIgnorableFramesAreBounded(t *testing.T) {
	a, p := begun(t)
	f := wire.Frame{Type: 1 << 31, Payload: make([]byte, wire.MaxIgnorable)}
	for _, m := range []*Machine{a, p} {
		if got := takes(m, f, 100); got != wire.MaxIgnorables {
			t.Errorf("%v took %d ignorable frames", m.mine.Role, got)
		}
	}
}

func TestHeldFramesAreBounded(t *testing.T) {
	w := scenario{active: archs, passive: archs}.world(t)
	w.play("~ a- ~ a. ~")
	p := w.ends[1].m
	large := wire.Step{Attempt: 2, Data: make([]byte, wire.MaxAttempt/4-12)}.Frame()
	if got := takes(p, large, 64); got != 4 {
		t.Errorf("held %d STEPs of a quarter each", got)
	}
	small := wire.Step{Attempt: 2}.Frame()
	if got := takes(p, small, 100) + int(p.recv.n); got != wire.MaxFrames {
		t.Errorf("the peer sent %d frames", got)
	}
}
