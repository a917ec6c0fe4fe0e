package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// bugs.txt holds classical mistakes, each as lines of a file and what they are
// replaced with:
//
//	= the name of the mistake
//	path/of/the/file.go
//	- a line that stands there
//	+ a line in its place
//
//go:embed bugs.txt
var bugsText string

// bug is one mistake.
type bug struct {
	name, file string
	old, new   string
}

func (b bug) String() string { return b.name + " (" + b.file + ")" }

// parseBugs reads the format of bugs.txt.
func parseBugs(text string) ([]bug, error) {
	var all []bug
	for n, line := range strings.Split(text, "\n") {
		switch {
		case line == "" || line[0] == '#':
			continue
		case strings.HasPrefix(line, "= "):
			all = append(all, bug{name: line[2:]})
			continue
		case len(all) == 0:
			return nil, fmt.Errorf("line %d: no mistake has begun", n+1)
		}
		b := &all[len(all)-1]
		switch {
		case line[0] == '-':
			b.old += strings.TrimPrefix(line[1:], " ") + "\n"
		case line[0] == '+':
			b.new += strings.TrimPrefix(line[1:], " ") + "\n"
		case b.file == "":
			b.file = line
		default:
			return nil, fmt.Errorf("line %d: neither a path nor a change", n+1)
		}
	}
	return all, nil
}

// apply is the text of the file with the mistake in it. White space at the
// ends of lines does not count.
func (b bug) apply(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, b.file))
	if err != nil {
		return "", err
	}
	lines, old := strings.Split(string(text), "\n"), strings.Split(strings.TrimSuffix(b.old, "\n"), "\n")
	at := -1
	for i := 0; i+len(old) <= len(lines); i++ {
		if same(lines[i:i+len(old)], old) {
			if at >= 0 {
				return "", fmt.Errorf("%s: stands there more than once", b)
			}
			at = i
		}
	}
	if at < 0 {
		return "", fmt.Errorf("%s: does not stand there any more", b)
	}
	return strings.Join(lines[:at], "\n") + "\n" + b.new + strings.Join(lines[at+len(old):], "\n"), nil
}

func same(a, b []string) bool {
	for i := range a {
		if strings.TrimSpace(a[i]) != strings.TrimSpace(b[i]) {
			return false
		}
	}
	return true
}

// plant runs the tests against each mistake.
func plant(s settings, dir string) error {
	all, err := parseBugs(bugsText)
	if err != nil {
		return err
	}
	var survivors []bug
	n, began := 0, time.Now()
	for _, b := range all {
		if !strings.Contains(b.name, s.match) {
			continue
		}
		n++
		by, err := caughtBug(s, dir, b)
		if err != nil {
			by = "" // a mistake that cannot be made has not been caught either
			fmt.Println(err)
		}
		fmt.Printf("%3d %s\n      %s\n", n, b, by)
		if by == "" {
			survivors = append(survivors, b)
		}
	}
	s.allowed = 0
	return verdict(s, n, survivors, time.Since(began))
}

func caughtBug(s settings, dir string, b bug) (string, error) {
	text, err := b.apply(s.root)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	if err := put(dir, replace, filepath.Join(s.root, b.file), text); err != nil {
		return "", err
	}
	overlay, err := overlayFile(dir, replace)
	if err != nil {
		return "", err
	}
	for _, pkg := range nearestFirst(s.tests, filepath.Dir(b.file)) {
		t, err := compile(s, dir, overlay, pkg)
		if errors.Is(err, errCompile) {
			return "", fmt.Errorf("%s: %w", b, err)
		}
		if failed, out := t.caught(s, 0); failed {
			return pkg + ": " + reason(out), nil
		}
	}
	return "", nil
}

// nearestFirst puts the tests of the package with the mistake first.
func nearestFirst(pkgs []string, dir string) []string {
	out := []string{dir}
	for _, p := range pkgs {
		if p != dir {
			out = append(out, p)
		}
	}
	return out
}
