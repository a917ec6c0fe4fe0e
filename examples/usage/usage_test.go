package usage_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/tsocket-go/tsocket/readv" // a cached result is of this library
)

// patience ends a program that hangs; no test depends on its length.
const patience = time.Minute

// programs and what each prints, as a regular expression.
var programs = map[string]string{
	"await":    `await: ONE, TWO, THREE, FOUR; a deadline and a cancel ended the rest`,
	"drain":    `drain: 4 accepted: 3 left, 0 broke, 1 cut off; 15 rounds, newcomers refused`,
	"echo":     `echo: one, two, three`,
	"messages": `messages: "what time is it\?"\? time for tea`,
	"proxy": `proxy: 67108864 bytes up, 32 down, never more than (\d{1,4}|[1-5]\d{4}|6[0-5]\d{3}) held; ` +
		`the client waited for the server`,
	"retry":  `retry: 5 messages delivered, [1-9]\d* connects refused, 2 connections broken`,
	"rights": `rights: what was in the pipe`,
	"rpc":    `rpc: 1000 calls at once: 900 answered, 100 timed out; 100 late replies were nobody's`,
}

// TestPrograms builds and runs every program of this directory.
func TestPrograms(t *testing.T) {
	bin := build(t)
	for _, name := range directories(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := output(t, filepath.Join(bin, name))
			if name == "errors" {
				sameAsGuide(t, out)
				return
			}
			if want := "^" + programs[name] + "\n$"; !regexp.MustCompile(want).MatchString(out) {
				t.Errorf("printed %q, want %s", out, want)
			}
		})
	}
}

// sameAsGuide compares the rows that the program made happen with the guide's.
func sameAsGuide(t *testing.T, rows string) {
	guide, err := os.ReadFile("../../docs/tsocket_guide.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(guide), "\n"+rows+"\n") {
		t.Errorf("docs/tsocket_guide.md has another table of errors than\n%s", rows)
	}
}

// build compiles all programs into one directory. It opens their sources: a
// cached result is of these.
func build(t *testing.T) string {
	sources, _ := filepath.Glob("*/*.go")
	for _, name := range sources {
		if _, err := os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	bin := t.TempDir()
	out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", bin, "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

func directories(t *testing.T) (names []string) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	for name := range programs { // in whatever order
		if !slices.Contains(names, name) {
			t.Errorf("there is no program %s", name)
		}
	}
	return names
}

// output is what a program prints that ends well.
func output(t *testing.T, path string) string {
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	cmd := exec.CommandContext(ctx, path)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil || errs.Len() > 0 {
		t.Fatalf("%v, stderr %q", err, errs.String())
	}
	return out.String()
}
