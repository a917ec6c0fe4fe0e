package machine

import (
	"slices"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// become moves to next and sets the timer that next runs under, so that a timer
// is armed exactly in Try, Said and Ending.
func (m *Machine) become(next State) {
	if !slices.Contains(legal[m.state], next) {
		panic("machine: " + m.cfg.Mine.Role.String() + ": " + m.state.String() + " -> " + next.String())
	}
	was := timerOf[m.state]
	m.state = next
	switch t := timerOf[next]; {
	case t != NoTimer:
		m.do(Arm{Timer: t, Rungs: max(1, len(m.untried()))})
	case was != NoTimer:
		m.do(Disarm{})
	}
}

// timerOf is the timer each state runs under.
var timerOf = [states]Timer{Try: RungTimer, Said: VerdictTimer, Ending: LingerTimer}

func (m *Machine) do(a Action) { m.out = append(m.out, a) }

// send queues f and makes it part of our transcript.
func (m *Machine) send(f wire.Frame) {
	m.sent.add(f)
	m.do(Send{f})
}

// fresh clears the actions of the last input. Only inputs call it.
func (m *Machine) fresh() { m.out = nil }
