package machine

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

var update = flag.Bool("update", false, "rewrite the state table, in testdata and in docs/wire.md")

// TestEveryStateAnswersEveryInput compares all answers with the golden table.
func TestEveryStateAnswersEveryInput(t *testing.T) {
	const file = "testdata/state_table.txt"
	var b strings.Builder
	for _, s := range stages {
		b.WriteString(s.render(t))
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("answers differ from %s (read the diff, then -update):\n%s", file, b.String())
	}
}

// TestEveryStateIsInTheTable makes sure that a new state gets its rows.
func TestEveryStateIsInTheTable(t *testing.T) {
	for state := range states {
		for _, role := range []wire.Role{wire.Active, wire.Passive} {
			known := slices.ContainsFunc(stages, func(s stage) bool { return s.role == role && s.state == state })
			if known == (role == wire.Active && state == Idle) {
				t.Errorf("%v %v: in the table %v", role, state, known)
			}
		}
	}
}

// common are answers that many inputs have: they share a line.
var common = []string{"E", "R", "D", "–", "panic"}

// short names what the common answers stand for. With a half begun each starts
// with its cancel, and the report waits for its release.
var short = map[string]string{
	"FAIL(protocol error), shut → Ending": "E",
	"reset, report → Down":                "R",
	"close, report → Down":                "D",
	"close → Down":                        "D",
}

// render returns the answers of one state, one line each, common ones together.
func (s stage) render(t *testing.T) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %s\n", s.role, s.name)
	shared := map[string][]string{}
	for _, in := range inputs() {
		m := s.end(t).m
		a := answer(m, in)
		if slices.Contains(common, a) {
			shared[a] = append(shared[a], in.name)
			continue
		}
		fmt.Fprintf(&b, "    %-26s %s\n", in.name, a)
	}
	for _, a := range common {
		if len(shared[a]) > 0 {
			fmt.Fprintf(&b, "    %s: %s\n", a, fold(shared[a]))
		}
	}
	return b.String() + "\n"
}

// fold joins names with commas into lines of readable width.
func fold(list []string) string {
	s, width := "", 0
	for i, name := range list {
		if i > 0 {
			s += "; "
		}
		if width += len(name) + 2; width > 90 {
			s, width = strings.TrimSuffix(s, " ")+"\n       ", len(name)
		}
		s += name
	}
	return s
}

// answer gives the input and puts what comes of it into words.
func answer(m *Machine, in input) (s string) {
	was, dropped, held, noted := m.state, m.dropped, len(m.held), m.try.peer
	defer func() {
		if recover() != nil {
			s = "panic"
		}
	}()
	var words []string
	for _, a := range in.give(m) {
		if w := word(a); w != "" {
			words = append(words, w)
		}
	}
	switch s = strings.Join(words, ", "); {
	case was != m.state:
		s = strings.TrimPrefix(s+" → "+m.state.String(), " ")
	case s != "":
	case len(m.held) > held:
		s = "hold"
	case m.try.peer != noted:
		s = "note"
	case m.dropped > dropped || s == "":
		s = "–"
	}
	if c, ok := short[strings.TrimPrefix(s, "cancel, ")]; ok {
		return c
	}
	return s
}

// word names an action; timers follow from the state and are left out.
func word(a Action) string {
	switch a := a.(type) {
	case Send:
		return sent(a.Frame)
	case Close:
		if a.Reset {
			return "reset"
		}
		return "close"
	case Met:
		return "met"
	case BeginHalf:
		return "begin"
	case CancelHalf:
		return "cancel"
	case Deliver:
		return "deliver"
	case Open:
		return "open"
	case Handover:
		return "handover"
	case ShutWrite:
		return "shut"
	case Report:
		return "report"
	case Loop:
		return "loop"
	}
	return ""
}

func sent(f wire.Frame) string {
	s := strings.TrimPrefix(f.Type.String(), "ARCH_")
	switch f.Type {
	case wire.TypeNext:
		n, _ := wire.DecodeNext(f.Payload)
		return fmt.Sprintf("%s(%v)", s, n.Reason)
	case wire.TypeFail:
		v, _ := wire.DecodeFail(f.Payload)
		return fmt.Sprintf("%s(%v)", s, v.Reason)
	}
	return s
}
