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
	if err := goBuild(bench, t.load, "./load"); err != nil {
		return nil, err
	}
	if t.theirs, err = theirs(dir, bench, s); err != nil {
		return nil, err
	}
	t.ours, err = ours(dir, bench, s, t.theirs)
	return t, err
}

func theirs(dir, bench string, s settings) (program, error) {
	if s.theirs != "" {
		return built(s.theirs)
	}
	p := program{name: "net", path: filepath.Join(dir, "netecho")}
	return p, goBuild(bench, p.path, "./netecho")
}

func ours(dir, bench string, s settings, theirs program) (program, error) {
	switch {
	case s.aa:
		theirs.name += " again"
		return theirs, nil
	case s.ours != "":
		return built(s.ours)
	}
	p := program{name: "tsocket", path: filepath.Join(dir, "echo"), args: []string{"-loops", "1"}}
	return p, goBuild(filepath.Dir(bench), p.path, "./examples/echo")
}

// built is an examples/echo that somebody built, another version say.
func built(path string) (program, error) {
	path, err := filepath.Abs(path)
	return program{name: filepath.Base(path), path: path, args: []string{"-loops", "1"}}, err
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
