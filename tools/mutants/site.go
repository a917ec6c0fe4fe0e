package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutated are the packages whose code is changed.
var mutated = []string{"tevent", "queue", "tsocket"}

// site is a place that can be changed.
type site struct {
	file        string // relative to the module
	line        int
	from, to    int // bytes of the file
	kind        kind
	text        string
	withInstead string // what stands there when the change is on; of shift only
}

type kind int

const (
	negate kind = iota // a condition
	shift              // < and <=, > and >=
	drop               // a call whose results nobody uses
)

var kinds = [...]string{"negated", "shifted", "left out"}

func (s site) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", s.file, s.line, kinds[s.kind], s.text)
}

// choose draws n sites of the files whose path contains match, as many of each
// package as its share is.
func choose(root, match string, n int, seed uint64) ([]site, error) {
	var all []site
	for _, dir := range mutated {
		names, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || !strings.Contains(strings.TrimPrefix(name, root), match) {
				continue
			}
			found, err := sites(root, name)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:min(n, len(all))]
	slices.SortFunc(all, func(a, b site) int {
		return cmp.Or(strings.Compare(a.file, b.file), a.from-b.from, b.to-a.to, int(a.kind-b.kind))
	})
	return all, nil
}

// sites are those of one file, in order.
func sites(root, name string) ([]site, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(root, name)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, 0)
	if err != nil {
		return nil, err
	}
	var found []site
	ast.Inspect(f, func(n ast.Node) bool {
		for _, s := range candidates(n) {
			s.file, s.line = rel, fset.Position(s.at).Line
			s.from, s.to = fset.Position(s.at).Offset, fset.Position(s.end).Offset
			s.text = strings.Join(strings.Fields(string(text[s.from:s.to])), " ")
			found = append(found, s.site)
		}
		return true
	})
	return found, nil
}

type candidate struct {
	site
	at, end token.Pos
}

func candidates(n ast.Node) []candidate {
	switch n := n.(type) {
	case *ast.IfStmt:
		return conditions(n.Cond)
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok && droppable(call) {
			return []candidate{{site{kind: drop}, n.Pos(), n.End()}}
		}
	}
	return nil
}

// conditions are the condition as a whole, and the comparisons in it that can
// be off by one.
func conditions(cond ast.Expr) []candidate {
	out := []candidate{{site{kind: negate}, cond.Pos(), cond.End()}}
	ast.Inspect(cond, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && shifted[b.Op] != 0 {
			out = append(out, candidate{site{kind: shift, withInstead: shifted[b.Op].String()}, b.Pos(), b.End()})
		}
		return true
	})
	return out
}

var shifted = map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}

// droppable leaves out what only helps the collector or ends the program.
func droppable(call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	return !ok || !slices.Contains([]string{"panic", "clear", "copy", "delete"}, id.Name)
}
