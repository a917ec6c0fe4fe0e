package main

import (
	"fmt"
	"os"
	"strings"
)

// profile is which blocks of code a test run has executed, by file.
type profile map[string][]block

type block struct {
	start, end place
	count      int
}

// readProfile reads what go test -coverprofile writes.
func readProfile(name string) (profile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	p := profile{}
	for n, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "mode:") {
			continue
		}
		file, rest, _ := strings.Cut(line, ":")
		var b block
		var statements int
		if _, err := fmt.Sscanf(rest, "%d.%d,%d.%d %d %d", &b.start.line, &b.start.column, &b.end.line, &b.end.column,
			&statements, &b.count); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
		file = strings.TrimPrefix(file, module)
		p[file] = append(p[file], b)
	}
	return p, nil
}

// ran reports whether the first block of b was executed, in whichever of the runs
// that the profile is of.
func (p profile) ran(b branch) bool {
	var first block
	for _, x := range p[b.file] {
		if x.start.before(b.start) || b.end.before(x.start) {
			continue
		}
		switch {
		case first == block{} || x.start.before(first.start):
			first = x
		case x.start == first.start:
			first.count += x.count
		}
	}
	return first.count > 0
}
