package shape_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// checked is a package with its types, for the rules that need them.
type checked struct {
	dir   string
	files []*file
	types *types.Package
	info  *types.Info
}

// typed checks the packages in which conds hold, for the system it runs on,
// and adds a complaint for each that has no valid types.
func (t *tree) typed(conds ...func(*file) bool) (pkgs []*checked, out []string) {
	byDir := map[string]*checked{}
	imported := map[string]bool{}
	for f := range t.in(append(conds, t.builds)...) {
		p := byDir[f.dir]
		if p == nil {
			p = &checked{dir: f.dir}
			byDir[f.dir] = p
			pkgs = append(pkgs, p)
		}
		p.files = append(p.files, f)
		for _, path := range f.imports() {
			imported[path] = true
		}
	}
	lookup, err := exports(imported)
	if err != nil {
		return nil, []string{err.Error()}
	}
	conf := &types.Config{Importer: importer.ForCompiler(t.fset, "gc", lookup)}
	for _, p := range pkgs {
		if err := p.check(t, conf); err != nil {
			out = append(out, fmt.Sprintf("%s:1: %v", p.dir, err))
		}
	}
	return pkgs, out
}

// builds reports whether f is part of a build on this system.
func (t *tree) builds(f *file) bool {
	ok, err := build.Default.MatchFile(filepath.Join(t.root, f.dir), filepath.Base(f.path))
	return ok && err == nil
}

func (p *checked) check(t *tree, conf *types.Config) error {
	p.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	var files []*ast.File
	for _, f := range p.files {
		files = append(files, f.ast)
	}
	var err error
	p.types, err = conf.Check(self+"/"+p.dir, t.fset, files, p.info)
	return err
}

// exports finds the export data of packages where the go command left them.
func exports(paths map[string]bool) (importer.Lookup, error) {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}"}
	for p := range paths {
		args = append(args, p)
	}
	slices.Sort(args[5:])
	cmd := exec.Command("go", args...)
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	list, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %v\n%s", err, &stderr)
	}
	at := map[string]string{}
	for _, line := range strings.Fields(string(list)) {
		path, name, _ := strings.Cut(line, "=")
		at[path] = name
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(at[path]) }, nil
}
