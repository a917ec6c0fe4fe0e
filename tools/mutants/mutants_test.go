package main

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const sample = `package sample

func less(a, b int, f func()) bool {
	if a < b && b >= 3 {
		f()
	}
	if c := a; c > b {
		return true
	}
	return false
}
`

// root is a module with one package, in which choose finds what it mutates.
func root(t *testing.T) string {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module sample\n\ngo 1.25\n")
	write(t, filepath.Join(dir, "queue", "sample.go"), sample)
	write(t, filepath.Join(dir, "queue", "sample_test.go"), `package sample

import "testing"

func TestLess(t *testing.T) {
	n := 0
	for a := range 6 {
		for b := range 6 {
			got, called := less(a, b, func() { n++ }), n
			n = 0
			if got != (a > b) || (called == 1) != (a < b && b >= 3) {
				t.Errorf("less(%d, %d): %v, %d", a, b, got, called)
			}
		}
	}
}
`)
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEachChangeIsOnAloneAndIsSeen(t *testing.T) {
	s := settings{root: root(t), timeout: 1e11}
	all, err := choose(s.root, "", 100, 1)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, at := range all {
		seen = append(seen, at.String())
	}
	if got, want := strings.Join(seen, "\n"), strings.Join([]string{
		"queue/sample.go:4: negated: a < b && b >= 3",
		"queue/sample.go:4: shifted: a < b",
		"queue/sample.go:4: shifted: b >= 3",
		"queue/sample.go:5: left out: f()",
		"queue/sample.go:7: negated: c > b",
		"queue/sample.go:7: shifted: c > b",
	}, "\n"); got != want {
		t.Fatalf("found\n%s\nwant\n%s", got, want)
	}
	dir := t.TempDir()
	overlay, err := weave(s.root, dir, all)
	if err != nil {
		t.Fatal(err)
	}
	b, err := compile(s, dir, overlay, "queue")
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(all) + 1 {
		if failed, out := b.caught(s, n); failed != (n > 0) {
			t.Errorf("change %d: caught %v\n%s", n, failed, out)
		}
	}
}

func TestEachMistakeStandsInTheLibrary(t *testing.T) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatal(err)
	}
	library := filepath.Dir(filepath.Dir(strings.TrimSpace(string(out))))
	all, err := parseBugs(bugsText)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 40 {
		t.Errorf("%d mistakes", len(all))
	}
	names := map[string]bool{}
	for _, b := range all {
		if names[b.name] {
			t.Errorf("%s: twice", b)
		}
		names[b.name] = true
		text, err := b.apply(library)
		if err == nil {
			_, err = parser.ParseFile(token.NewFileSet(), b.file, text, 0)
		}
		if err != nil {
			t.Error(err)
		}
	}
}

func TestMistakesAreReadAndApplied(t *testing.T) {
	dir := root(t)
	text := "# comment\n\n= off by one\nqueue/sample.go\n-\tif c := a; c > b {\n+\tif c := a; c >= b {\n"
	all, err := parseBugs(text)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	got, err := all[0].apply(dir)
	if want := strings.Replace(sample, "c > b", "c >= b", 1); err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	for i, wrong := range []string{"- stray\n", "= a\nfile\nother\n"} {
		if _, err := parseBugs(wrong); err == nil {
			t.Error("read", strconv.Itoa(i))
		}
	}
	all[0].old = "}\n"
	if _, err := all[0].apply(dir); err == nil {
		t.Error("an ambiguous place was found")
	}
}
