package main

import (
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// whole has every package compiled under its new name, tests included, which takes
// as long as compiling the library anew.
var whole = flag.Bool("whole", false, "vet all of the renamed modules")

// TestRenamedTreeIsWhole renames a copy of this tree: the old path is nowhere left,
// every import of its modules is found, those of tests included.
func TestRenamedTreeIsWhole(t *testing.T) {
	old, err := modulePath("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	copyTree(t, "../..", dir)
	if err := rename(dir, "example.org/some/other"); err != nil {
		t.Fatal(err)
	}
	for _, m := range modules(t, dir, old) {
		if *whole {
			goes(t, m, "vet", "./...")
		} else {
			goes(t, m, "list", "-deps", "-test", "./...")
		}
	}
}

// goes runs the go command in a directory.
func goes(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go %s in %s: %v\n%s", strings.Join(args, " "), dir, err, out)
	}
}

// modules finds the modules that hold Go files, and complains about every
// file in which the old path is left.
func modules(t *testing.T, dir, old string) (found []string) {
	walk(t, dir, func(name string) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), old) {
			t.Errorf("%s still says %s", name, old)
		}
		in := filepath.Dir(name)
		if filepath.Base(name) == "go.mod" && !strings.Contains(in, "testdata") && filepath.Base(in) != "tools" {
			found = append(found, in)
		}
	})
	return found
}

func copyTree(t *testing.T, from, to string) {
	walk(t, from, func(name string) {
		rel, err := filepath.Rel(from, name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, b, 0o644); err != nil {
			t.Fatal(err)
		}
	})
}

// walk visits the files that hold text of the project.
func walk(t *testing.T, root string, visit func(name string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.Type().IsRegular():
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
