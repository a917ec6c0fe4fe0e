package shape_test

import (
	"fmt"
	"go/ast"
)

const (
	maxFile     = 400 // lines; tests may hold longer tables
	maxFunction = 70  // lines from func to the closing brace, tests as well
)

func longFiles(t *tree) (out []string) {
	for f := range t.in(source) {
		if n := len(f.lines); n > maxFile {
			out = append(out, fmt.Sprintf("%s:%d: the file ends after %d lines", f.path, maxFile+1, n))
		}
	}
	return out
}

func longFunctions(t *tree) (out []string) {
	for f := range t.in() {
		for fn := range nodes[*ast.FuncDecl](f) {
			if n := f.line(fn.End()) - f.line(fn.Pos()) + 1; n > maxFunction {
				out = append(out, f.at(fn.Pos(), "%s has %d lines", fn.Name.Name, n))
			}
		}
	}
	return out
}
