// Ledger lists the error branches of the callers of internal/sys, and whether a
// test run has executed them. From the root of the module:
//
//	go test -coverpkg=./internal/driver,./tsocket,./tevent,./queue -coverprofile=/tmp/torture.cover ./tevent/sim -run 'Torture|Seeds'
//	go -C tools run ./ledger /tmp/torture.cover
//
// An error branch is what runs when an error or errno was compared: the body of an
// if, a case or a loop. A branch is in default if it was not executed and is not
// in the list of those that cannot be; so is an entry of that list that
// has been executed or is not there any more. Then the exit status is 1.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// module is the path that a profile names files by.
const module = "github.com/tsocket-go/tsocket/"

// callers are the packages that call internal/sys, and what they are built of.
var callers = []string{"internal/driver", "tsocket", "tevent", "queue"}

func main() {
	root := flag.String("root", "..", "the module's `directory`")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: ledger [-root directory] PROFILE")
		os.Exit(2)
	}
	ok, err := run(os.Stdout, *root, flag.Arg(0), callers, unreachable)
	if err != nil {
		fmt.Fprintln(os.Stderr, "ledger:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// run writes the ledger and reports whether it is without default.
func run(out io.Writer, root, profile string, dirs []string, allowed []allowance) (bool, error) {
	p, err := readProfile(profile)
	if err != nil {
		return false, err
	}
	total, executed, excuses, failed := 0, 0, 0, 0
	used := map[allowance]bool{}
	for _, dir := range dirs {
		all, err := branches(filepath.Join(root, dir), dir)
		if err != nil {
			return false, err
		}
		for _, b := range all {
			total++
			a, excused := b.allowance(allowed)
			state := "executed"
			switch ran := p.ran(b); {
			case ran && excused:
				state = "EXECUTED, although it is said to be unreachable"
				failed++
			case ran:
				executed++
			case excused:
				state = "unreachable: " + a.reason
				excuses++
			default:
				state = "NOT EXECUTED"
				failed++
			}
			used[a] = true
			fmt.Fprintf(out, "%s: %s\n", b, state)
		}
	}
	for _, a := range allowed {
		if !used[a] {
			failed++
			fmt.Fprintf(out, "%s %s: %s: NOT THERE, although it is said to be unreachable\n", a.file, a.function, a.condition)
		}
	}
	fmt.Fprintf(out, "%d error branches, %d executed, %d unreachable, %d in default\n", total, executed, excuses, failed)
	return failed == 0 && total > 0, nil
}
