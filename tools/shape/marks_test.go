package shape_test

import (
	"go/ast"
	"regexp"
	"strings"
)

var mark = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)

func marks(t *tree) (out []string) {
	for f := range t.in() {
		for _, g := range f.ast.Comments {
			for _, c := range g.List {
				if m := mark.FindString(c.Text); m != "" {
					out = append(out, f.at(c.Pos(), "%s", m))
				}
			}
		}
	}
	return out
}

// inTests are tests and the packages made for them.
func inTests(f *file) bool {
	return !within(f.dir, "bench", "tools") && (f.test() || strings.HasSuffix(f.dir, "test"))
}

func waits(t *tree) (out []string) {
	for f := range t.in(inTests) {
		for s := range f.uses("time") {
			if s.Sel.Name == "Sleep" {
				out = append(out, f.at(s.Pos(), "time.Sleep: wait for what has to happen"))
			}
		}
		for c := range nodes[*ast.CallExpr](f) {
			s, ok := c.Fun.(*ast.SelectorExpr)
			if ok && (s.Sel.Name == "Skip" || s.Sel.Name == "Skipf" || s.Sel.Name == "SkipNow") {
				out = append(out, f.at(c.Pos(), "%s: a test runs or does not exist", s.Sel.Name))
			}
		}
	}
	return out
}
