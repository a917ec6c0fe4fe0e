package tevent_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestSizeOfAnOp(t *testing.T) {
	if n := unsafe.Sizeof(tevent.Op[int]{}); n > 128 {
		t.Errorf("Op[int] has %d bytes, more than two cache lines", n)
	}
	if n := unsafe.Sizeof(tevent.Req[int]{}); n > 16 {
		t.Errorf("Req[int] has %d bytes", n)
	}
}

func TestVetSeesACopiedOp(t *testing.T) {
	out, err := exec.Command("go", "vet", "./testdata/copied").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "copied.go:14") || !strings.Contains(string(out), "passes lock by value") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// A caller must not be able to complete somebody else's work.
func TestOnlyOpCanFinish(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	dones := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "Done" {
				dones++
				if r := receiver(fn); r != "Op" {
					t.Errorf("%s has Done", r)
				}
			}
			for _, name := range exportedWithOp(d) {
				t.Errorf("the exported %s embeds an Op", name)
			}
		}
	}
	if dones != 1 {
		t.Fatalf("%d methods Done", dones)
	}
}

func receiver(fn *ast.FuncDecl) string {
	x := fn.Recv.List[0].Type
	if p, ok := x.(*ast.StarExpr); ok {
		x = p.X
	}
	if i, ok := x.(*ast.IndexExpr); ok {
		x = i.X
	}
	return x.(*ast.Ident).Name
}

func exportedWithOp(d ast.Decl) (names []string) {
	ast.Inspect(d, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		s, ok := spec.Type.(*ast.StructType)
		if !ok || !spec.Name.IsExported() {
			return true
		}
		for _, f := range s.Fields.List {
			i, ok := f.Type.(*ast.IndexExpr)
			if !ok {
				continue
			}
			if id, ok := i.X.(*ast.Ident); ok && id.Name == "Op" && len(f.Names) == 0 {
				names = append(names, spec.Name.Name)
			}
		}
		return true
	})
	return names
}
