package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// source has an error branch of each kind, and others that are none.
const source = `package p

func (r *reader) read(err error, errno Errno, n int) int {
	if err != nil && n > 0 {
		return 1
	}
	for errno == syscall.EINTR {
	}
	if n == 0 {
		return 2
	}
	if errno == 0 {
		n++
	} else {
		n--
	}
	switch {
	case errors.Is(err, io.EOF):
	case n > 1:
		return 3
	}
	switch r.Errno {
	case 0:
		return 4
	default:
		return 5
	}
}
`

// blocks are what cover makes of source, and of its error branches how often each
// has been executed.
func blocks(counts [5]string) string {
	return "mode: set\n" +
		module + "p/p.go:3.61,4.27 1 1\n" +
		module + "p/p.go:4.27,6.3 1 " + counts[0] + "\n" +
		module + "p/p.go:7.29,8.3 0 " + counts[1] + "\n" +
		module + "p/p.go:9.12,11.3 1 0\n" +
		module + "p/p.go:12.16,14.3 1 1\n" +
		module + "p/p.go:14.8,16.3 1 " + counts[2] + "\n" +
		module + "p/p.go:18.30,18.30 0 " + counts[3] + "\n" +
		module + "p/p.go:19.14,20.11 1 0\n" +
		module + "p/p.go:23.10,24.11 1 0\n" +
		module + "p/p.go:25.11,26.11 1 " + counts[4] + "\n"
}

// ledger runs it over source.
func ledger(t *testing.T, profile string, allowed ...allowance) (ok bool, out string) {
	t.Helper()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "p"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"p/p.go": source, "p/p_test.go": source, "cover": profile} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	ok, err := run(&b, root, filepath.Join(root, "cover"), []string{"p"}, allowed)
	if err != nil {
		t.Fatal(err)
	}
	return ok, b.String()
}

func TestEveryErrorBranchIsListed(t *testing.T) {
	ok, out := ledger(t, blocks([5]string{"1", "1", "1", "1", "1"}))
	want := `p/p.go:4 reader.read: if err != nil && n > 0: executed
p/p.go:7 reader.read: for errno == syscall.EINTR: executed
p/p.go:14 reader.read: if errno == 0 else: executed
p/p.go:18 reader.read: case errors.Is(err, io.EOF): executed
p/p.go:25 reader.read: default: executed
5 error branches, 5 executed, 0 unreachable, 0 in default
`
	if !ok || out != want {
		t.Errorf("%v\n%s", ok, out)
	}
}

func TestABranchThatIsNotExecutedIsInDefault(t *testing.T) {
	for i := range 5 {
		counts := [5]string{"1", "1", "1", "1", "1"}
		counts[i] = "0"
		ok, out := ledger(t, blocks(counts))
		if ok || strings.Count(out, "NOT EXECUTED") != 1 || !strings.Contains(out, "4 executed, 0 unreachable, 1 in default") {
			t.Errorf("%v\n%s", ok, out)
		}
	}
}

func TestBlocksOfSeveralRunsCountTogether(t *testing.T) {
	if ok, out := ledger(t, blocks([5]string{"0", "1", "1", "1", "1"})+blocks([5]string{"3", "0", "0", "0", "0"})); !ok {
		t.Error(out)
	}
}

func TestUnreachableBranchesAreNamedAndStayTrue(t *testing.T) {
	loop := allowance{"p/p.go", "reader.read", "for errno == syscall.EINTR", "of the test"}
	none := blocks([5]string{"1", "0", "1", "1", "1"})
	if ok, out := ledger(t, none, loop); !ok || !strings.Contains(out, "unreachable: of the test") {
		t.Error(out)
	}
	if ok, out := ledger(t, blocks([5]string{"1", "1", "1", "1", "1"}), loop); ok || !strings.Contains(out, "EXECUTED, although") {
		t.Error(out)
	}
	all := allowance{file: "p/p.go", reason: "of the test"}
	if ok, out := ledger(t, "mode: set\n", all); !ok || !strings.Contains(out, "5 unreachable") {
		t.Error(out)
	}
	gone := loop
	gone.function = "reader.gone"
	if ok, out := ledger(t, none, loop, gone); ok || !strings.Contains(out, "NOT THERE, although") {
		t.Error(out)
	}
}

func TestAFileThatIsNotInTheProfileIsInDefault(t *testing.T) {
	if ok, out := ledger(t, "mode: set\n"); ok || !strings.Contains(out, "0 executed, 0 unreachable, 5 in default") {
		t.Error(out)
	}
}
