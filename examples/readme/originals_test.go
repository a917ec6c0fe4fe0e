package main

import (
	"regexp"
	"strings"
	"testing"
)

// function is a name in the first column.
var function = regexp.MustCompile("`((?:tevent|tsocket|tstream|tdgram)_\\w+)`")

// verdict is how the last column of a row begins.
var verdict = regexp.MustCompile(`^(as tevent|ours|not in Go, because )`)

// TestGuideHasEveryFunctionOfTevent looks each one up in the first column of the
// guide's tables, whose last says what has become of it.
func TestGuideHasEveryFunctionOfTevent(t *testing.T) {
	inTables(t, "testdata/tevent_functions.txt", 100, "", "")
}

// The original tsocket has a table of its own, behind those of today's.
func TestGuideHasEveryFunctionOfTsocket(t *testing.T) {
	inTables(t, "testdata/tsocket_functions.txt", 45, "", original)
	inTables(t, "testdata/tsocket_original_functions.txt", 40, original, "")
}

const original = "### The original tsocket of 2009"

// inTables wants a row for every name in the file, which has at least that many, in
// the guide from one line to another.
func inTables(t *testing.T, file string, least int, from, to string) {
	t.Helper()
	_, guide, _ := strings.Cut(read(t, "../../docs/tsocket_guide.md"), from)
	if to != "" {
		guide, _, _ = strings.Cut(guide, to)
	}
	verdicts := map[string]string{}
	for line := range strings.Lines(guide) {
		columns := strings.Split(line, "|")
		if len(columns) != 5 {
			continue
		}
		for _, name := range function.FindAllStringSubmatch(columns[1], -1) {
			verdicts[name[1]] = strings.TrimSpace(columns[3])
		}
	}
	names := strings.Fields(read(t, file))
	if len(names) < least {
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
