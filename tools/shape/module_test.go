package shape_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// language is the oldest Go that the library supports.
const language = "1.25"

func wrongModule(t *tree) (out []string) {
	var mod struct {
		Go, Toolchain string
		Require       []struct{ Path string }
		Replace       []struct{ Old struct{ Path string } }
	}
	if err := goJSON(t.root, &mod, "mod", "edit", "-json"); err != nil {
		return []string{err.Error()}
	}
	if mod.Go != language && !strings.HasPrefix(mod.Go, language+".") {
		out = append(out, fmt.Sprintf("go.mod:1: go %s, want %s (does a dependency ask for more?)", mod.Go, language))
	}
	if mod.Toolchain != "" {
		out = append(out, "go.mod:1: the toolchain is the user's choice")
	}
	for _, r := range mod.Require {
		if foreign[r.Path] == nil {
			out = append(out, fmt.Sprintf("go.mod:1: requires %s", r.Path))
		}
	}
	for _, r := range mod.Replace {
		out = append(out, fmt.Sprintf("go.mod:1: replaces %s, which users would not see", r.Old.Path))
	}
	return out
}

// listed is a package as go list shows it.
type listed struct {
	ImportPath string
	Standard   bool
	Module     *struct{ Path string }
	Imports    []string
}

// TestGoListAgrees looks at the same imports through the go command, on
// several systems, and at what they bring along.
func TestGoListAgrees(t *testing.T) {
	for _, system := range []string{"linux", "darwin"} {
		t.Run(system, func(t *testing.T) {
			t.Setenv("GOOS", system)
			var linked []string
			for _, p := range goList(t, "./...") {
				f := &file{path: "x.go", dir: strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, self), "/")}
				for _, imported := range p.Imports {
					if why := wrongEdge(f.dir, imported); why != "" {
						t.Error(why)
					}
				}
				if library(f) && !strings.HasSuffix(f.dir, "test") {
					linked = append(linked, p.ImportPath)
				}
			}
			for _, p := range goList(t, append([]string{"-deps"}, linked...)...) {
				if !p.Standard && p.Module.Path != self && p.Module.Path != "golang.org/x/sys" {
					t.Errorf("the library brings %s along", p.ImportPath)
				}
			}
		})
	}
}

func goList(t *testing.T, args ...string) (pkgs []listed) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Module,Imports"}, args...)...)
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// goJSON runs the go command in dir and decodes what it prints.
func goJSON(dir string, into any, args ...string) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = abs
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return json.Unmarshal(out, into)
}
