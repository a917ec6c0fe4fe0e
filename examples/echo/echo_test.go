package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

// TestServesOnEveryLoopAndDrainsOnSIGTERM runs the program with two loops: each
// client gets his bytes back, and the counts of both loops are on the last line
// when the clients have gone.
func TestServesOnEveryLoopAndDrainsOnSIGTERM(t *testing.T) {
	cmd := program.Command(t.Context(), "-addr", "127.0.0.1:0", "-loops", "2")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	lines.Scan()
	addr := strings.TrimPrefix(lines.Text(), "listening on ")
	conns := make([]net.Conn, 8)
	for i := range conns {
		conns[i] = ask(t, addr)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for _, c := range conns {
		c.Close()
	}
	lines.Scan()
	if got := lines.Text(); got != "drained: 8 clients, 0 broken, 8 messages, 32 bytes" {
		t.Errorf("last line %q", got)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestDebugPageShowsTheLoops asks for the page's data while a client is served.
func TestDebugPageShowsTheLoops(t *testing.T) {
	cmd := program.Command(t.Context(), "-addr", "127.0.0.1:0", "-loops", "2", "-debug", ":0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	lines := bufio.NewScanner(out)
	lines.Scan()
	defer ask(t, strings.TrimPrefix(lines.Text(), "listening on ")).Close()
	lines.Scan()
	answer, err := http.Get(strings.TrimPrefix(lines.Text(), "debug page at ") + "?format=json")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"name":"loop 0"`, `"name":"loop 1"`, `"name":"server"`, `"name":"echo"`, `"name":"peek"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
}

// ask is a client that got his bytes back and stays.
func ask(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	var back [4]byte
	if _, err := c.Write([]byte("ping")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, back[:]); err != nil || string(back[:]) != "ping" {
		t.Fatalf("%q, %v", back, err)
	}
	return c
}
