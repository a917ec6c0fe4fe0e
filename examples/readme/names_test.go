package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"testing"
)

var (
	qualified = regexp.MustCompile("`((?:tevent|queue|tsocket|readv|sim|debug)\\.[A-Z]\\w*)(?:\\([^`]*\\))?`")
	method    = regexp.MustCompile("`([A-Z]\\w*\\.[A-Z]\\w*)`")
)

// TestGuideNamesWhatTheLibraryHas looks every name of the guide up.
func TestGuideNamesWhatTheLibraryHas(t *testing.T) {
	guide, have := read(t, "../../docs/tsocket_guide.md"), map[string]bool{}
	for _, pkg := range []string{"tevent", "queue", "tsocket", "readv", "tevent/sim", "tevent/debug"} {
		maps.Copy(have, exported(t, pkg))
	}
	for _, form := range []*regexp.Regexp{qualified, method} {
		names := form.FindAllStringSubmatch(guide, -1)
		if len(names) == 0 {
			t.Errorf("the guide names nothing like %s", form)
		}
		for _, m := range names {
			if !have[m[1]] {
				t.Errorf("the guide names %s", m[1])
			}
		}
	}
}

// exported are a package's names, as "tevent.New" and "Context.Close".
func exported(t *testing.T, pkg string) map[string]bool {
	files, err := filepath.Glob("../../" + pkg + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			for _, name := range declared(d) {
				names[name] = true
				names[path.Base(pkg)+"."+name] = true
			}
		}
	}
	return names
}

// declared are the names of one declaration; a method's has its type in front.
func declared(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		return []string{receiver(d.Recv.List[0].Type) + "." + d.Name.Name}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names
}

// receiver is the T of T, *T and *T[U].
func receiver(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}
