// Command rename gives the module another path, in one line:
//
//	go run ./internal/rename example.org/new/path
//
// It rewrites the module lines, imports and documents of the tree in the
// current directory, nested modules included.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: rename NEW/PATH, in the root of the module")
		os.Exit(2)
	}
	if err := rename(".", os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "rename:", err)
		os.Exit(1)
	}
}

// rename replaces the path that root's go.mod declares by path in every text
// file below root.
func rename(root, path string) error {
	old, err := modulePath(root)
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		return rewrite(name, old, path)
	})
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+(\S+)`)

func modulePath(root string) (string, error) {
	b, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	m := moduleLine.FindSubmatch(b)
	if m == nil {
		return "", fmt.Errorf("%s/go.mod names no module", root)
	}
	return string(m[1]), nil
}

func rewrite(name, old, path string) error {
	b, err := os.ReadFile(name)
	if err != nil || bytes.IndexByte(b, 0) >= 0 || !bytes.Contains(b, []byte(old)) {
		return err
	}
	b = bytes.ReplaceAll(b, []byte(old), []byte(path))
	if strings.HasSuffix(name, ".go") {
		if b, err = format.Source(b); err != nil { // a new path sorts elsewhere
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return os.WriteFile(name, b, 0) // it exists and keeps its mode
}
