package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

// wantLine checks for a failure that is told in one clear line.
func wantLine(t *testing.T, stderr string, status int, text string) {
	t.Helper()
	if status == 0 {
		t.Error("status 0")
	}
	if strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, text) {
		t.Errorf("want one line with %q, got:\n%s", text, stderr)
	}
}

func TestFileComesBackBetweenTwoProcesses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, bytes.Repeat([]byte("seven b"), 300_001), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, status := program.Run(t, "", "-json", "-file", file)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var r report
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &r); err != nil || status != 0 {
		t.Fatalf("status %d, %v, stdout %q, stderr %q", status, err, out, errs)
	}
	if r.Path != "tcp" || r.Bytes != 7*300_001 || r.Sent != r.Received || len(r.Sent) != 64 || r.Leaked != 0 ||
		r.Requests == 0 || r.Speed <= 0 || r.P99 < r.P50 || len(r.Plan.Lines) != 2 {
		t.Errorf("%+v", r)
	}
}

func TestLeakOnPurposeIsNamedWithItsLine(t *testing.T) {
	_, errs, status := program.Run(t, "", "-leak")
	if status == 0 || !strings.Contains(errs, "leaked timer") || !strings.Contains(errs, "half.go:") {
		t.Errorf("status %d, stderr:\n%s", status, errs)
	}
}

func TestMissingFileIsOneLine(t *testing.T) {
	_, errs, status := program.Run(t, "", "-file", "/nonexistent/file")
	wantLine(t, errs, status, "no such file")
	_, errs, status = program.Run(t, "", "-file", t.TempDir())
	wantLine(t, errs, status, "no file with bytes")
}

func TestAddressInUseIsOneLine(t *testing.T) {
	l := listen(t)
	_, errs, status := program.Run(t, "", "-listen", l.Addr().String())
	wantLine(t, errs, status, "address already in use")
}

func TestRefusedPeerIsOneLine(t *testing.T) {
	l := listen(t)
	addr := l.Addr().String()
	l.Close()
	_, errs, status := program.Run(t, "", "-dial", addr)
	wantLine(t, errs, status, "connection refused")
}

func TestSilentPeerIsOneLineAtTheDeadline(t *testing.T) {
	l := listen(t)
	_, errs, status := program.Run(t, "", "-dial", l.Addr().String(), "-timeout", "300ms")
	wantLine(t, errs, status, "timeout")
}

func TestPeerOfAnotherVersionIsOneLine(t *testing.T) {
	version := []byte("TSKT\x00\x00\x00\x05\x00\x09\x00\x09\x01")
	wantServerLine(t, version, "no common version (1 to 1, peer 9 to 9)")
}

func TestHTTPClientOnThePortIsOneLine(t *testing.T) {
	wantServerLine(t, []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "does not speak this protocol")
}

// wantServerLine has a client say something to a server that cannot serve it.
func wantServerLine(t *testing.T, say []byte, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := program.Command(ctx, "-listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 100)
	n, _ := out.Read(line)
	c, err := net.Dial("tcp", strings.TrimSpace(strings.TrimPrefix(string(line[:n]), "listening on ")))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write(say); err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, c)
	c.Close()
	cmd.Wait()
	wantLine(t, errs.String(), cmd.ProcessState.ExitCode(), text)
}

// listen is a port that takes connections and says nothing.
func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}
