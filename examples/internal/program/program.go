// Package program has a program's tests run the program with nothing to build:
// the test binary is the program when Command starts it.
package program

import (
	"bytes"
	"context"
	"os"
	"os/exec"
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

// Prints wants the program to end well and to print want.
func Prints(t *testing.T, want string) {
	t.Helper()
	if out := Output(t); out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}

// Output is what the program prints that ends well. A minute ends one that hangs;
// no test depends on its length.
func Output(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	cmd := Command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil || errs.Len() > 0 {
		t.Fatalf("%v, stderr %q", err, errs.String())
	}
	return out.String()
}
