//go:build linux

package fidelity

import (
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var showAll = flag.Bool("show", false, "print every scenario with its answers")

// TestScenarios runs each file of testdata.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			real, sim := newReal(t), newSim(t)
			for _, sc := range load(t, file) {
				compare(t, sc, real, sim)
			}
		})
	}
}

// compare plays sc on both and reports the first step whose answers differ.
func compare(t *testing.T, sc scenario, a, b kind) {
	t.Helper()
	c := contrast(t, sc.steps, a, b)
	if *showAll {
		t.Logf("%s\n%s", sc.title, answers(sc.steps, c.left))
	}
	for i := range sc.steps {
		if why := wrong(&sc.steps[i], c.left[i], c.right[i]); why != "" {
			t.Errorf("%s: %s\n%s", sc.title, why, c.upTo(i))
			return
		}
	}
}

// wrong says what is wrong with the answers to a step of a scenario, "" when
// nothing is.
func wrong(s *step, left, right string) string {
	switch {
	case strings.HasPrefix(left, notMade):
		return "not made"
	case s.allow == nil && left != right:
		return "different"
	case s.allow != nil && !(slices.Contains(s.allow, left) && slices.Contains(s.allow, right)):
		return "not allowed"
	}
	return ""
}
