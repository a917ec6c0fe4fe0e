package tevent

import (
	"fmt"
	"strings"
	"time"
)

// string is for people: name, state, age, then the parents, then the places, then what the
// implementer adds.
func (c *core) string() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", c.label(), c.state)
	if c.ev == nil {
		return b.String()
	}
	fmt.Fprintf(&b, ", age %s", time.Duration(c.ev.now-c.started))
	if c.state == StateFailed && c.side != nil {
		fmt.Fprintf(&b, ", error %q", fmt.Sprint(c.side.err))
	}
	for p := c.parent; p != nil; p = p.parent {
		b.WriteString(", for " + p.label())
	}
	if c.side != nil {
		writePlace(&b, "created", c.side.created)
		writePlace(&b, "finished", c.side.finished)
		if c.side.print != nil {
			b.WriteString(", " + c.side.print())
		}
	}
	return b.String()
}

func writePlace(b *strings.Builder, what string, p place) {
	if s := p.String(); s != "" {
		b.WriteString(", " + what + " at " + s)
	}
}
