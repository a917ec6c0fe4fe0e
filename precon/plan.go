package precon

import (
	"fmt"
	"strings"
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// Result is what became of an arch.
type Result string

// The results.
const (
	Chosen     Result = "chosen"
	Refused    Result = "refused"     // tried, or refused before it was tried
	NotReached Result = "not reached" // a better one came up
	NotOffered Result = "not offered" // by one side, or below a side's floor
)

// Plan says how a connection came to its path.
type Plan struct {
	Peer    string        `json:"peer"`    // the peer's name; its own choice: quote it before printing
	Active  bool          `json:"active"`  // we opened the bootstrap
	Version uint16        `json:"version"` // of the protocol; 0 before it was selected
	Path    string        `json:"path"`    // the arch chosen; "" if none
	Lines   []PlanLine    `json:"lines"`   // best first; then what was not offered
	Took    time.Duration `json:"took_ns"` // from the bootstrap's connection to the commit
}

// PlanLine is one arch in a Plan.
type PlanLine struct {
	Arch   string `json:"arch"`
	Mine   uint8  `json:"mine"`   // our preference, 1 best; 0 not offered
	Theirs uint8  `json:"theirs"` // the peer's
	Result Result `json:"result"`
	Reason string `json:"reason,omitempty"`
	Text   string `json:"text,omitempty"` // may be the peer's: quote it before printing
	ByPeer bool   `json:"by_peer,omitempty"`
}

// String is the plan for people, a line for each arch.
func (p Plan) String() string {
	var b strings.Builder
	for _, l := range p.Lines {
		fmt.Fprintf(&b, "%-8s %-11s", l.Arch, l.Result)
		if l.Mine > 0 && l.Theirs > 0 {
			fmt.Fprintf(&b, " choice %d here, %d there", l.Mine, l.Theirs)
		}
		if w := l.why(); w != "" {
			b.WriteString("  " + w)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// why is the reason in words.
func (l PlanLine) why() string {
	if l.Reason == "" {
		return ""
	}
	s := l.Reason
	if l.ByPeer {
		s += " by the peer"
	}
	if l.Text != "" {
		s += fmt.Sprintf(": %q", l.Text)
	}
	return s
}

// planOf reads the machine.
func planOf(m *machine.Machine, mine *wire.ConInfo, unoffered []PlanLine, path string) Plan {
	p := Plan{Active: mine.Role == wire.Active, Version: m.Version(), Path: path}
	peer := m.Peer()
	if peer != nil {
		p.Peer = peer.Name
	}
	for _, r := range m.Ladder() {
		p.Lines = append(p.Lines, rungLine(m, mine, peer, r.Arch, path))
	}
	for _, o := range mine.Offers {
		if !p.has(o.Arch) {
			p.Lines = append(p.Lines, PlanLine{Arch: o.Arch, Mine: o.Preference, Theirs: prefer(peer, o.Arch), Result: NotOffered})
		}
	}
	p.Lines = append(p.Lines, unoffered...)
	return p
}

func rungLine(m *machine.Machine, mine, peer *wire.ConInfo, arch, path string) PlanLine {
	l := PlanLine{Arch: arch, Mine: prefer(mine, arch), Theirs: prefer(peer, arch), Result: NotReached}
	if arch == path {
		l.Result = Chosen
	}
	for _, t := range m.Trials() {
		if t.Arch == arch && t.Reason != wire.Order {
			l.Result, l.Reason, l.Text, l.ByPeer = Refused, t.Reason.String(), t.Text, t.Peer
		}
	}
	return l
}

func (p *Plan) has(arch string) bool {
	for _, l := range p.Lines {
		if l.Arch == arch {
			return true
		}
	}
	return false
}

func prefer(c *wire.ConInfo, arch string) uint8 {
	if c == nil {
		return 0
	}
	o, _ := c.Offer(arch)
	return o.Preference
}
