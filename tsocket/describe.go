package tsocket

import (
	"fmt"
	"strings"

	"github.com/tsocket-go/tsocket/tsocket/internal/progress"
)

// String tells the addresses, what has ended, and of a stream with layers how far
// each level has come.
func (s *Stream) String() string {
	var b strings.Builder
	if s.local.IsValid() || s.remote.IsValid() {
		fmt.Fprintf(&b, "%v -> %v: ", s.local, s.remote)
	}
	b.WriteString([...]string{"connected", "disconnecting", "disconnected", "closed"}[s.state])
	if s.flags != 0 {
		b.WriteString(" " + s.flags.String())
	}
	if s.conn != nil {
		b.WriteString("; " + s.conn.String())
	}
	return b.String()
}

// String tells the state of the connection and of each level that was ever there;
// a step that is not completed comes with its two bits.
func (c *connection) String() string {
	var b strings.Builder
	b.WriteString(c.state.String())
	for i := range c.levels {
		if l := &c.levels[i]; l.ops != nil {
			fmt.Fprintf(&b, "; %s %s:%s", levelNames[i], l.name, l.words())
		}
	}
	s := &c.levels[sock]
	fmt.Fprintf(&b, "; sock: %s%s", sockWord(s.open), s.endWords())
	return b.String()
}

// sockWord is the state of the lowest level, which has two.
func sockWord(open progress.Bits) string {
	if open.IsStarted() {
		return "ready"
	}
	return "closed"
}

// words are the facts about a layer that hold.
func (l *level) words() string {
	s := ""
	for _, fact := range [...]struct {
		holds bool
		word  string
	}{
		{l.open.IsStarted(), "initialized"},
		{l.open == progress.Completed, "connected"},
		{l.done, "done"},
		{l.err != nil, "failed"},
	} {
		if fact.holds {
			s += " " + fact.word
		}
	}
	return s + l.endWords()
}

// endWords are the steps of the end that are desired.
func (l *level) endWords() string {
	s := ""
	for i := range l.ends {
		switch x := &l.ends[i]; {
		case !x.IsDesired():
		case x.Bits == progress.Completed:
			s += " " + x.step.String()
		default:
			s += fmt.Sprintf(" %v=%v", x.step, x.Bits)
		}
	}
	return s
}
