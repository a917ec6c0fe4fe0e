// Command mutants asks how much the tests notice. It changes the library in
// small ways, one at a time, and runs the tests against each change: a change
// that no test objects to has survived, and is listed with its place.
//
//	go -C tools run ./mutants              # 200 mechanical changes
//	go -C tools run ./mutants -bugs        # the classical mistakes of bugs.txt
//
// Mechanical changes negate a condition, shift a comparison by one or leave a
// call out. They are all compiled into one set of test binaries, in which the
// environment variable MUTANT chooses one, so that each costs only its run.
// Nothing in the tree is written.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// settings are the command line's.
type settings struct {
	root    string // of the library's module
	count   int
	seed    uint64
	only    int
	from    int
	bugs    bool
	match   string
	tests   []string
	timeout time.Duration
	allowed float64
	args    []string
}

func main() {
	var s settings
	var tests, args string
	flag.IntVar(&s.count, "n", 200, "how many mechanical changes")
	flag.Uint64Var(&s.seed, "seed", 1, "chooses them")
	flag.IntVar(&s.only, "mutant", 0, "only this one, with what its tests print")
	flag.IntVar(&s.from, "from", 1, "the first that is run, to go on where a run ended")
	flag.BoolVar(&s.bugs, "bugs", false, "the mistakes of bugs.txt instead")
	flag.StringVar(&s.match, "match", "", "only the mistakes whose name contains this, or changes of files whose path does")
	flag.StringVar(&tests, "tests", "tevent,queue,tsocket,readv,tevent/sim,precon", "packages whose tests are run, in this order")
	flag.StringVar(&args, "args", "tevent/sim:-seeds=300", "arguments of a package's tests: PACKAGE:ARG, …")
	flag.DurationVar(&s.timeout, "timeout", 2*time.Minute, "for the tests of one package; at most 4 times what they take unchanged, and 10 s")
	flag.Float64Var(&s.allowed, "allowed", 10, "percentage of survivors above which the status is 1")
	flag.Parse()
	s.tests, s.args = strings.Split(tests, ","), strings.Split(args, ",")
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(s settings) error {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return err
	}
	s.root = filepath.Dir(filepath.Dir(strings.TrimSpace(string(out))))
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if s.bugs {
		return plant(s, dir)
	}
	return mutate(s, dir)
}
