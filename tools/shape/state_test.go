package shape_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

var explained = regexp.MustCompile(`//.*\border\b`)

// mapOrder wants a comment with the word order beside or above each walk over
// a map, saying why its order has no effect.
func mapOrder(t *tree) []string {
	pkgs, out := t.typed(above)
	for _, p := range pkgs {
		for _, f := range p.files {
			for r := range nodes[*ast.RangeStmt](f) {
				if p.isMap(r.X) && !f.explains(r.Pos()) {
					out = append(out, f.at(r.Pos(), "a walk over a map in whatever order"))
				}
			}
			for s := range f.uses("maps") {
				walks := slices.Contains([]string{"All", "Keys", "Values"}, s.Sel.Name)
				sorted := strings.Contains(f.lines[f.line(s.Pos())-1], "slices.Sorted")
				if walks && !sorted && !f.explains(s.Pos()) {
					out = append(out, f.at(s.Pos(), "maps.%s in whatever order", s.Sel.Name))
				}
			}
		}
	}
	return out
}

func (p *checked) isMap(x ast.Expr) bool {
	typ := p.info.TypeOf(x)
	if typ == nil {
		return false
	}
	_, ok := typ.Underlying().(*types.Map)
	return ok
}

func (f *file) explains(p token.Pos) bool {
	n := f.line(p)
	return explained.MatchString(f.lines[n-1]) || n > 1 && explained.MatchString(f.lines[n-2])
}

// variables allows tables and errors: what nobody assigns to, takes the
// address of, sends to, or calls a method on that could change it.
func variables(t *tree) []string {
	pkgs, out := t.typed(library)
	for _, p := range pkgs {
		for _, f := range p.files {
			for n := range nodes[ast.Node](f) {
				for _, x := range p.changes(n) {
					if v := p.packageVar(x); v != nil && !isForkLock(v) {
						out = append(out, f.at(n.Pos(), "%s changes", v.Name()))
					}
				}
			}
		}
	}
	return out
}

// isForkLock tells whether v is the lock that package syscall has for those who
// make a descriptor and mark it close-on-exec afterwards.
func isForkLock(v *types.Var) bool { return v.Pkg().Path() == "syscall" && v.Name() == "ForkLock" }

// changes are the operands that n can change.
func (p *checked) changes(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.SendStmt:
		return []ast.Expr{n.Chan}
	case *ast.UnaryExpr:
		if n.Op == token.AND || n.Op == token.ARROW {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"delete", "clear", "copy", "close"}, id.Name) {
			return n.Args[:1]
		}
	case *ast.SelectorExpr:
		return p.addressed(n)
	}
	return nil
}

// addressed is the operand of a method with a pointer receiver that is called
// on a value.
func (p *checked) addressed(n *ast.SelectorExpr) []ast.Expr {
	sel := p.info.Selections[n]
	if sel == nil || sel.Kind() != types.MethodVal {
		return nil
	}
	recv := sel.Obj().(*types.Func).Signature().Recv()
	if recv == nil {
		return nil
	}
	_, wantsPointer := recv.Type().(*types.Pointer)
	_, isPointer := sel.Recv().(*types.Pointer)
	if wantsPointer && !isPointer {
		return []ast.Expr{n.X}
	}
	return nil
}

// packageVar is the package's variable that x is, or is a part of.
func (p *checked) packageVar(x ast.Expr) *types.Var {
	for {
		switch e := x.(type) {
		case *ast.SelectorExpr:
			if p.info.Selections[e] == nil {
				x = e.Sel // of another package
				continue
			}
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.SliceExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		case *ast.Ident:
			v, ok := p.info.Uses[e].(*types.Var)
			if ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				return v
			}
			return nil
		default:
			return nil
		}
	}
}
