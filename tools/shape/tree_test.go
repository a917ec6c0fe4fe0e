package shape_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tree is a parsed source tree: every Go file of every platform, with tests.
type tree struct {
	root  string
	fset  *token.FileSet
	files []*file
}

// file is one Go file. path and dir are relative to the root.
type file struct {
	path, dir string
	lines     []string
	ast       *ast.File
	fset      *token.FileSet
}

func load(t *testing.T, root string) *tree {
	t.Helper()
	tr := &tree{root: root, fset: token.NewFileSet()}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && ignored(d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		return tr.add(name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// ignored is what the go command does not look into either.
func ignored(dir string) bool {
	return dir == "testdata" || dir == "vendor" || dir[0] == '.' || dir[0] == '_'
}

func (t *tree) add(name string) error {
	src, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(t.root, name)
	if err != nil {
		return err
	}
	rel = filepath.ToSlash(rel)
	f, err := parser.ParseFile(t.fset, rel, src, parser.ParseComments)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(src), "\n"), "\n")
	t.files = append(t.files, &file{rel, path.Dir(rel), lines, f, t.fset})
	return nil
}

// in yields the files for which every one of the conditions holds.
func (t *tree) in(conds ...func(*file) bool) iter.Seq[*file] {
	return func(yield func(*file) bool) {
		for _, f := range t.files {
			if holds(f, conds) && !yield(f) {
				return
			}
		}
	}
}

func holds(f *file, conds []func(*file) bool) bool {
	for _, c := range conds {
		if !c(f) {
			return false
		}
	}
	return true
}

// at makes a complaint about the line of p.
func (f *file) at(p token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", f.path, f.line(p), fmt.Sprintf(format, args...))
}

func (f *file) line(p token.Pos) int { return f.fset.Position(p).Line }

func (f *file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

func source(f *file) bool { return !f.test() }

// library is what users link: no tests, programs or tools of the project.
func library(f *file) bool {
	return source(f) && !within(f.dir, "examples", "bench", "tools", "internal/rename")
}

// above is the library above the cut to the system.
func above(f *file) bool { return library(f) && !within(f.dir, "internal/sys") }

// within reports whether dir is one of the trees or lies in one.
func within(dir string, trees ...string) bool {
	for _, t := range trees {
		if dir == t || strings.HasPrefix(dir, t+"/") {
			return true
		}
	}
	return false
}

// imports yields each import with its path.
func (f *file) imports() iter.Seq2[*ast.ImportSpec, string] {
	return func(yield func(*ast.ImportSpec, string) bool) {
		for _, s := range f.ast.Imports {
			p, err := strconv.Unquote(s.Path.Value)
			if err == nil && !yield(s, p) {
				return
			}
		}
	}
}

// nodes yields the nodes of type N in the file's order.
func nodes[N ast.Node](f *file) iter.Seq[N] {
	return func(yield func(N) bool) {
		for n := range ast.Preorder(f.ast) {
			if n, ok := n.(N); ok && !yield(n) {
				return
			}
		}
	}
}

// uses yields every mention of a name of one of the packages. A file can not
// hide one behind a dot import: registrations forbids those.
func (f *file) uses(pkgs ...string) iter.Seq[*ast.SelectorExpr] {
	names := map[string]bool{}
	for spec, p := range f.imports() {
		if within(p, pkgs...) {
			names[localName(spec, p)] = true
		}
	}
	return func(yield func(*ast.SelectorExpr) bool) {
		for s := range nodes[*ast.SelectorExpr](f) {
			id, ok := s.X.(*ast.Ident)
			if ok && id.Obj == nil && names[id.Name] && !yield(s) {
				return
			}
		}
	}
}

func localName(s *ast.ImportSpec, importPath string) string {
	if s.Name != nil {
		return s.Name.Name
	}
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(importPath))
	}
	return base
}
