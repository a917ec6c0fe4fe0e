package main

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// chooser is the package that the changed code asks; it exists in the overlay
// only.
const chooser = `// Package mutant tells the code which change is on.
package mutant

import (
	"os"
	"strconv"
)

var on, _ = strconv.Atoi(os.Getenv("MUTANT"))

// Not is b, or its opposite if n is on.
func Not(n int, b bool) bool { return b != (n == on) }

// On tells whether n is on.
func On(n int) bool { return n == on }
`

const chooserDir = "internal/mutant"

// weave writes all changes into copies of their files, and an overlay that
// lets the go command see the copies in place of the files.
func weave(root, dir string, all []site) (overlay string, err error) {
	replace := map[string]string{}
	module, err := modulePath(root)
	if err != nil {
		return "", err
	}
	if err := put(dir, replace, filepath.Join(root, chooserDir, "mutant.go"), chooser); err != nil {
		return "", err
	}
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].file == all[i].file {
			j++
		}
		name := filepath.Join(root, all[i].file)
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		woven, err := withImport(insert(string(text), all[i:j], i+1), module+"/"+chooserDir)
		if err != nil {
			return "", err
		}
		if err := put(dir, replace, name, woven); err != nil {
			return "", err
		}
		i = j
	}
	return overlayFile(dir, replace)
}

// insertion is text that goes in before a byte of the file.
type insertion struct {
	at    int
	order int // of those at the same place
	text  string
}

// insert numbers the sites from first on. Lines stay where they are.
func insert(text string, of []site, first int) string {
	var ins []insertion
	for i, s := range of {
		before, after := brackets(s, first+i)
		inner := (len(text)-(s.to-s.from))*len(of) + i // of two that are equal the second is inside
		ins = append(ins, insertion{s.from, inner, before}, insertion{s.to, -1 - inner, after})
	}
	slices.SortStableFunc(ins, func(a, b insertion) int {
		if a.at != b.at {
			return a.at - b.at
		}
		return a.order - b.order
	})
	var b strings.Builder
	at := 0
	for _, in := range ins {
		b.WriteString(text[at:in.at])
		b.WriteString(in.text)
		at = in.at
	}
	b.WriteString(text[at:])
	return b.String()
}

// brackets are what goes before and behind a site. A comparison that is off by
// one differs from the right one only where both sides are equal.
func brackets(s site, n int) (before, after string) {
	switch s.kind {
	case negate:
		return fmt.Sprintf("mutant.Not(%d, ", n), ")"
	case drop:
		return fmt.Sprintf("if !mutant.On(%d) { ", n), " }"
	}
	return fmt.Sprintf("(!mutant.On(%d) && (", n), fmt.Sprintf(") || mutant.On(%d) && (%s))", n, s.instead())
}

// instead is the text of a shifted comparison.
func (s site) instead() string {
	e, err := parser.ParseExpr(s.text)
	if err != nil {
		panic(err) // it was cut out of a file that parses
	}
	return render(e, s.withInstead)
}

// withImport adds an import behind the package clause, on its line.
func withImport(text, path string) (string, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.PackageClauseOnly)
	if err != nil {
		return "", err
	}
	at := fset.Position(f.Name.End()).Offset
	return text[:at] + "; import mutant " + fmt.Sprintf("%q", path) + text[at:], nil
}

func put(dir string, replace map[string]string, name, text string) error {
	to := filepath.Join(dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(name)))
	replace[name] = to
	return os.WriteFile(to, []byte(text), 0o600)
}

func overlayFile(dir string, replace map[string]string) (string, error) {
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, b, 0o600)
}

func modulePath(root string) (string, error) {
	b, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSpace(strings.TrimPrefix(line, "module ")), nil
}
