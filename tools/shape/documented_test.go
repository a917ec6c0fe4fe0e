package shape_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// public is what a user of the library can import.
func public(f *file) bool {
	return library(f) && f.ast.Name.Name != "main" && !strings.Contains("/"+f.dir+"/", "/internal/")
}

func undocumented(t *tree) (out []string) {
	for f := range t.in(public) {
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d.Recv) {
					out = append(out, f.at(d.Pos(), "%s has no comment", d.Name.Name))
				}
			case *ast.GenDecl:
				out = append(out, undocumentedSpecs(f, d)...)
			}
		}
	}
	return out
}

// undocumentedSpecs takes a comment above the name, behind it or, for
// constants and variables, above the group.
func undocumentedSpecs(f *file, d *ast.GenDecl) (out []string) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			alone := d.Doc != nil && d.Lparen == token.NoPos
			if s.Name.IsExported() && s.Doc == nil && !alone {
				out = append(out, f.at(s.Pos(), "%s has no comment", s.Name.Name))
			}
		case *ast.ValueSpec:
			exported := slices.IndexFunc(s.Names, (*ast.Ident).IsExported)
			if exported >= 0 && d.Doc == nil && s.Doc == nil && s.Comment == nil {
				out = append(out, f.at(s.Pos(), "%s has no comment", s.Names[exported].Name))
			}
		}
	}
	return out
}

// exportedReceiver is true for functions too.
func exportedReceiver(recv *ast.FieldList) bool {
	if recv == nil {
		return true
	}
	t := recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

func unnamedPackages(t *tree) (out []string) {
	said := map[string]bool{}
	for f := range t.in() {
		said[f.dir] = said[f.dir] || source(f) && f.ast.Doc != nil
	}
	for _, dir := range slices.Sorted(maps.Keys(said)) {
		if !said[dir] {
			out = append(out, fmt.Sprintf("%s:1: no file has a package comment", dir))
		}
	}
	return out
}
