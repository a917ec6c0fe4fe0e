package main

import (
	"regexp"
	"strings"
	"testing"
)

// function is a name in the first column.
var function = regexp.MustCompile("`(tevent_\\w+)`")

// verdict is how the last column of a row begins.
var verdict = regexp.MustCompile(`^(as tevent|ours|not in Go, because )`)

// TestGuideHasEveryFunctionOfTevent looks each one up in the first column of the
// guide's tables, whose last says what has become of it.
func TestGuideHasEveryFunctionOfTevent(t *testing.T) {
	verdicts := map[string]string{}
	for line := range strings.Lines(read(t, "../../docs/tsocket_guide.md")) {
		columns := strings.Split(line, "|")
		if len(columns) != 5 {
			continue
		}
		for _, name := range function.FindAllStringSubmatch(columns[1], -1) {
			verdicts[name[1]] = strings.TrimSpace(columns[3])
		}
	}
	names := strings.Fields(read(t, "testdata/tevent_functions.txt"))
	if len(names) < 100 {
		t.Fatalf("only %d names", len(names))
	}
	for _, name := range names {
		switch v, ok := verdicts[name]; {
		case !ok:
			t.Errorf("the guide has no row for %s", name)
		case !verdict.MatchString(v):
			t.Errorf("the guide says of %s neither as tevent, ours nor not in Go, but %q", name, v)
		}
	}
}
