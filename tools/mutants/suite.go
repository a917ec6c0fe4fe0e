package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// binary is the compiled tests of one package.
type binary struct {
	pkg, path string
	args      []string
	limit     time.Duration
}

// compile builds the tests of pkg as the overlay has it.
func compile(s settings, dir, overlay, pkg string) (binary, error) {
	b := binary{pkg: pkg, path: filepath.Join(dir, strings.ReplaceAll(pkg, "/", "-")+".test"), limit: s.timeout}
	for _, a := range s.args {
		if of, arg, ok := strings.Cut(a, ":"); ok && of == pkg {
			b.args = append(b.args, arg)
		}
	}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", b.path, "./"+pkg)
	cmd.Dir = s.root
	out, err := cmd.CombinedOutput()
	if err != nil {
		return b, fmt.Errorf("%w: %s", errCompile, out)
	}
	return b, nil
}

var errCompile = errors.New("does not compile")

// memory bounds what a changed program may ask for, in KiB.
const memory = 12 << 20

// caught runs the tests with one change on, and tells whether they fail.
func (b binary) caught(s settings, mutant int) (failed bool, output string) {
	ctx, cancel := context.WithTimeout(context.Background(), b.limit)
	defer cancel()
	args := append([]string{"-c", fmt.Sprintf(`ulimit -v %d; exec "$0" "$@"`, memory), b.path, "-test.failfast",
		"-test.timeout", (b.limit - b.limit/8).String()}, b.args...)
	cmd := exec.CommandContext(ctx, "sh", args...)
	cmd.Dir = filepath.Join(s.root, b.pkg)
	cmd.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(mutant))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return err != nil, out.String()
}

// measure runs the tests unchanged and limits from then on what they may take.
func (b *binary) measure(s settings) error {
	began := time.Now()
	if failed, out := b.caught(s, 0); failed {
		return fmt.Errorf("%s fails without any change:\n%s", b.pkg, out)
	}
	b.limit = min(b.limit, 4*time.Since(began)+10*time.Second)
	return nil
}

// reason is the first line of a test's output that says why it fails.
func reason(output string) string {
	for line := range strings.Lines(output) {
		for _, mark := range []string{"--- FAIL", "panic:", "fatal error:"} {
			if strings.Contains(line, mark) {
				return strings.TrimSpace(line)
			}
		}
	}
	return "failed"
}
