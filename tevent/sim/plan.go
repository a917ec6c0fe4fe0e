package sim

import (
	"fmt"
	"strings"
)

// Plan is what goes wrong in a world. The zero Plan is a world in which
// nothing does.
type Plan []Fault

// String is one line for each fault; ParsePlan reads it.
func (p Plan) String() string {
	var b strings.Builder
	for _, f := range p {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

// ParsePlan reads the text of a plan: a fault a line, empty lines and lines
// that begin with # are nothing.
//
//	# the client never gets its second answer whole
//	onebyte proc=client call=Recvmsg nth=2 on
//	parted proc=server nth=40 for=3s
//	fails proc=server call=Accept nth=1 errno=EMFILE
func ParsePlan(text string) (Plan, error) {
	var p Plan
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		f, err := parseFault(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		p = append(p, f)
	}
	return p, nil
}
