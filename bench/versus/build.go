//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// team is the three programs of a comparison.
type team struct {
	ours, theirs program
	load         string // path of the load generator
}

// program is a server that can be started.
type program struct {
	name, path string
	args       []string // beside -addr and -mode
}

func build(dir string, s settings) (*team, error) {
	bench, err := benchDir()
	if err != nil {
		return nil, err
	}
	t := &team{load: filepath.Join(dir, "load")}
	t.theirs = program{name: "net", path: filepath.Join(dir, "netecho")}
	t.ours = program{name: "tsocket", path: filepath.Join(dir, "echo"), args: []string{"-loops", "1"}}
	if err := goBuild(bench, t.load, "./load"); err != nil {
		return nil, err
	}
	if err := goBuild(bench, t.theirs.path, "./netecho"); err != nil {
		return nil, err
	}
	switch {
	case s.aa:
		t.ours = program{name: "net again", path: t.theirs.path}
		return t, nil
	case s.ours != "":
		t.ours.path, err = filepath.Abs(s.ours)
		return t, err
	}
	return t, goBuild(filepath.Dir(bench), t.ours.path, "./examples/echo")
}

// benchDir is where this module is: the go command that runs us knows.
func benchDir() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	dir := filepath.Dir(strings.TrimSpace(string(out)))
	if filepath.Base(dir) != "bench" {
		return "", fmt.Errorf("run it inside bench: go -C bench run ./versus")
	}
	return dir, nil
}

func goBuild(dir, out, pkg string) error {
	cmd := exec.Command("go", "build", "-o", out, pkg)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build %s: %w", pkg, err)
	}
	return nil
}
