package machine

import (
	"fmt"
	"slices"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// Trial is one arch that was not taken: refused by Init or given up in an
// attempt. Immutable once recorded.
type Trial struct {
	Attempt uint32 // 0 if the active side's Init refused, which takes no attempt
	Arch    string
	Reason  wire.Reason // wire.Order: only the order was wrong, the arch may come again
	Text    string      // may be the peer's: quote it before printing
	Peer    bool        // the peer gave the reason
}

// Error returns the trial in one line; the text is quoted.
func (t *Trial) Error() string {
	who := "here"
	if t.Peer {
		who = "by the peer"
	}
	return fmt.Sprintf("%s: %v %s: %q", t.Arch, t.Reason, who, t.Text)
}

// tried reports whether arch may not be asked again.
func (m *Machine) tried(arch string) bool {
	return slices.ContainsFunc(m.trials, func(t Trial) bool { return t.Arch == arch && t.Reason != wire.Order })
}

// untried returns the rungs that are left, best first.
func (m *Machine) untried() []Rung {
	var left []Rung
	for _, r := range m.ladder {
		if !m.tried(r.Arch) {
			left = append(left, r)
		}
	}
	return left
}

// refusals returns the trials as FAIL lists them: each arch once.
func (m *Machine) refusals() []wire.Refusal {
	var list []wire.Refusal
	for _, t := range m.trials {
		if t.Reason != wire.Order {
			list = append(list, wire.Refusal{Arch: t.Arch, Reason: t.Reason, Text: t.Text})
		}
	}
	return list
}

// refuse records that the active side's Init refused arch.
func (m *Machine) refuse(r wire.Refusal) {
	peer := m.mine.Role == wire.Passive
	m.trials = append(m.trials, Trial{Arch: r.Arch, Reason: r.Reason, Text: r.Text, Peer: peer})
}
