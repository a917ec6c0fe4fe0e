package shape_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the want.txt of the controls")

// rule is one guarantee about a tree. Its control is testdata/bad/key.
type rule struct {
	key   string
	name  string
	check func(*tree) []string // complaints, as "path:line: what"
}

var rules = []rule{
	{"lines", "files end within 400 lines", longFiles},
	{"functions", "functions end within 70 lines", longFunctions},
	{"documented", "exported names are documented", undocumented},
	{"packages", "packages say what they are", unnamedPackages},
	{"map", "the map in the README has every package", unmapped},
	{"graph", "imports point one way", wrongEdges},
	{"foreign", "the library imports only golang.org/x/sys", foreignImports},
	{"module", "the module keeps its language version and its dependencies", wrongModule},
	{"syscalls", "system calls stay below the cut", systemCalls},
	{"system", "files, names and processes stay below the cut", systemUse},
	{"servers", "pages are served by the package for them", servers},
	{"clocks", "clocks and timers stay below the cut", clocks},
	{"chance", "randomness stays below the cut", chance},
	{"goroutines", "nothing above the cut starts goroutines", goroutines},
	{"pools", "memory is kept by its owner, not by sync.Pool", pools},
	{"branches", "no code branches on the system it runs on", branches},
	{"registers", "nothing registers itself", registrations},
	{"order", "the order of a map has no effect", mapOrder},
	{"variables", "package variables never change", variables},
	{"marks", "comments leave no work behind", marks},
	{"waits", "tests neither sleep nor skip", waits},
}

func TestTree(t *testing.T) {
	tr := load(t, "../..")
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, c := range r.check(tr) {
				t.Error(c)
			}
		})
	}
}

// TestControls shows that each rule goes red, at the marked places only.
func TestControls(t *testing.T) {
	for _, r := range rules {
		t.Run(r.key, func(t *testing.T) {
			dir := filepath.Join("testdata/bad", r.key)
			got := strings.Join(r.check(load(t, grown(t, dir))), "\n") + "\n"
			golden(t, filepath.Join(dir, "want.txt"), got)
		})
	}
}

func TestEveryControlBelongsToARule(t *testing.T) {
	dirs, err := os.ReadDir("testdata/bad")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if !slices.ContainsFunc(rules, func(r rule) bool { return r.key == d.Name() }) {
			t.Errorf("testdata/bad/%s is the control of no rule", d.Name())
		}
	}
}

// grown copies a control and makes "//grow 3" three lines of comment, so that
// no file of this repository is as long as the controls need it.
func grown(t *testing.T, dir string) string {
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for _, f := range load(t, dir).files {
		for i, line := range f.lines {
			if n, ok := strings.CutPrefix(strings.TrimSpace(line), "//grow "); ok {
				count, _ := strconv.Atoi(n)
				f.lines[i] = strings.TrimSuffix(strings.Repeat("//\n", count), "\n")
			}
		}
		if err := os.WriteFile(filepath.Join(to, f.path), []byte(strings.Join(f.lines, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(got) == "" {
		t.Error("the rule has nothing against its control")
	}
	if got != string(want) {
		t.Errorf("complaints:\n%swant:\n%s", got, want)
	}
}
