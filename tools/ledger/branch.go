package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// branch is the code that runs when something was compared with an error.
type branch struct {
	file       string // relative to the module
	function   string
	condition  string
	start, end place // of the code
}

// place is a position as a profile has it.
type place struct{ line, column int }

func (p place) before(q place) bool {
	return p.line < q.line || p.line == q.line && p.column < q.column
}

func (b branch) String() string {
	return fmt.Sprintf("%s:%d %s: %s", b.file, b.start.line, b.function, b.condition)
}

// branches finds those of one directory. Files for other systems would be in
// default; the callers have none.
func branches(dir, name string) ([]branch, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []branch
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found, err := find(path.Join(name, filepath.Base(file)), src)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// finder walks through one file.
type finder struct {
	fset *token.FileSet
	file string
	in   string // the function
	all  []branch
}

func find(file string, src []byte) ([]branch, error) {
	f := &finder{fset: token.NewFileSet(), file: file}
	tree, err := parser.ParseFile(f.fset, file, src, 0)
	if err != nil {
		return nil, err
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			f.in = f.text(n.Name)
			if n.Recv != nil {
				f.in = strings.Trim(f.text(n.Recv.List[0].Type), "*") + "." + f.in
			}
		case *ast.IfStmt:
			f.conditional(n)
		case *ast.ForStmt:
			if n.Cond != nil && wrong(n.Cond) {
				f.add("for "+f.text(n.Cond), n.Body.Lbrace, n.Body.End())
			}
		case *ast.SwitchStmt:
			f.cases(n)
		}
		return true
	})
	return f.all, nil
}

func (f *finder) text(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, f.fset, n); err != nil {
		panic(err) // of a tree that was just parsed
	}
	return b.String()
}

func (f *finder) add(condition string, from, to token.Pos) {
	a, b := f.fset.Position(from), f.fset.Position(to)
	f.all = append(f.all, branch{f.file, f.in, condition, place{a.Line, a.Column}, place{b.Line, b.Column}})
}

// conditional is the body, or what is done instead of what is done without error.
func (f *finder) conditional(n *ast.IfStmt) {
	switch {
	case wrong(n.Cond):
		f.add("if "+f.text(n.Cond), n.Body.Lbrace, n.Body.End())
	case right(n.Cond) && n.Else != nil:
		f.add("if "+f.text(n.Cond)+" else", n.Body.End(), n.Else.End()) // a profile's block begins before the brace
	}
}

// cases are those with a comparison in them, and all of a switch over an error.
func (f *finder) cases(n *ast.SwitchStmt) {
	over := n.Tag != nil && errorish(n.Tag)
	for _, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		name := "default"
		found := over
		for i, x := range c.List {
			if i == 0 {
				name = "case " + f.text(x)
			} else {
				name += ", " + f.text(x)
			}
			found = over && !zero(x) || n.Tag == nil && wrong(x)
		}
		if found {
			f.add(name, c.Colon, c.End())
		}
	}
}

// wrong reports whether x holds, or may hold, only after an error.
func wrong(x ast.Expr) bool { return compares(x, token.NEQ, token.EQL) }

// right reports whether x holds only without one.
func right(x ast.Expr) bool { return compares(x, token.EQL, token.NEQ) }

// compares finds an error that is compared by zeroOp with no error, or by the
// other with one of them.
func compares(x ast.Expr, zeroOp, other token.Token) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			switch {
			case !errorish(n.X) && !errorish(n.Y):
			case zero(n.X) || zero(n.Y):
				found = found || n.Op == zeroOp
			default:
				found = found || n.Op == other
			}
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && other == token.EQL {
				pkg, _ := s.X.(*ast.Ident)
				found = found || pkg != nil && pkg.Name == "errors" && (s.Sel.Name == "Is" || s.Sel.Name == "As")
			}
		}
		return true
	})
	return found
}

func zero(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name == "nil"
	case *ast.BasicLit:
		return x.Value == "0"
	}
	return false
}

// errors have one of these names, or are the result of one of these functions.
var (
	named  = regexp.MustCompile(`(?i)(^|[a-z])err(no)?[0-9]*$|^(fault|usable)$|^Err[A-Z]`)
	errnos = regexp.MustCompile(`^E[A-Z0-9]{2,}$`)
)

func errorish(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return named.MatchString(x.Name)
	case *ast.SelectorExpr:
		pkg, _ := x.X.(*ast.Ident)
		return named.MatchString(x.Sel.Name) || pkg != nil && pkg.Name == "syscall" && errnos.MatchString(x.Sel.Name)
	case *ast.CallExpr:
		return errorish(x.Fun)
	case *ast.ParenExpr:
		return errorish(x.X)
	}
	return false
}
