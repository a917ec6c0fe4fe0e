// Package program has a program's tests run the program with nothing to build:
// the test binary is the program when Command starts it.
package program

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// asked marks the environment of a program; what it starts in turn has it too.
const asked = "TSOCKET_EXAMPLE_RUNS"

// Main is what TestMain does: it runs main in a process that Command started,
// and the tests in any other.
func Main(m *testing.M, main func()) {
	if os.Getenv(asked) == "" {
		m.Run()
		return
	}
	main()
}

// Command is the program with arguments; it is killed when ctx is done.
func Command(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), asked+"=1")
	return cmd
}

// Run is one run of the program, with what it reads. A minute ends one that hangs;
// no test depends on its length.
func Run(t *testing.T, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	cmd := Command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// Output is what the program prints that ends well.
func Output(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, status := Run(t, "", args...)
	if status != 0 || errs != "" {
		t.Fatalf("status %d, stderr %q", status, errs)
	}
	return out
}

// Prints wants the program to end well and to print want.
func Prints(t *testing.T, want string) {
	t.Helper()
	if out := Output(t); out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}
