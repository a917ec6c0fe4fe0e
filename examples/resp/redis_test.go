//go:build daemons

package main

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

// startRedis runs a server on a port and in a directory of its own until the end
// of the test, and returns its address.
func startRedis(t *testing.T, args ...string) string {
	t.Helper()
	for range 10 { // another process may take the port
		port := freePort(t)
		cmd := exec.Command("redis-server", append([]string{"--port", port, "--bind", "127.0.0.1",
			"--save", "", "--appendonly", "no", "--dir", t.TempDir()}, args...)...)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			cmd.Process.Kill()
			cmd.Wait()
		})
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), "Ready to accept connections") {
				go func() {
					for lines.Scan() {
					}
				}()
				return "127.0.0.1:" + port
			}
		}
	}
	t.Fatal("redis-server does not start")
	return ""
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// ask has redis' own client ask the server.
func ask(t *testing.T, addr string, args ...string) string {
	t.Helper()
	_, port, _ := strings.Cut(addr, ":")
	out, err := exec.Command("redis-cli", append([]string{"-p", port}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestRedisCountsWhatWasDone runs the program as it comes, with 100 000 keys.
func TestRedisCountsWhatWasDone(t *testing.T) {
	addr := startRedis(t)
	ask(t, addr, "SET", "somebody else's", "1")
	out, errs, status := program.Run(t, "", "-addr", addr)
	want := "the server counts 100000 more keys, 100000 SET, 100000 INCR, 100000 GET\n"
	if status != 0 || errs != "" || !strings.HasSuffix(out, want) {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
	if n := ask(t, addr, "DBSIZE"); n != "1" {
		t.Errorf("%s keys are left", n)
	}
	t.Log(out)
}

// TestRedisHasTheKeysThatWereKept also begins with keys of a former run.
func TestRedisHasTheKeysThatWereKept(t *testing.T) {
	addr := startRedis(t)
	for range 2 {
		_, errs, status := program.Run(t, "", "-addr", addr, "-keys", "1234", "-pipeline", "7", "-keep")
		if status != 0 {
			t.Fatal(errs)
		}
		if n := ask(t, addr, "DBSIZE"); n != "1234" {
			t.Errorf("%s keys", n)
		}
		for _, i := range []int{0, 1, 617, 1233} {
			if got := ask(t, addr, "GET", key(i)); got != fmt.Sprint(i+1) {
				t.Errorf("key %d is %q", i, got)
			}
		}
	}
}

func TestRedisThatCannotServeIsOneLine(t *testing.T) {
	for name, c := range map[string]struct { // in whatever order
		addr, want string
	}{
		"not there":        {"127.0.0.1:" + freePort(t), "connection refused"},
		"no address":       {"localhost", "localhost"},
		"wants a password": {startRedis(t, "--requirepass", "x"), "the server says: NOAUTH"},
		"is out of memory": {startRedis(t, "--maxmemory", "1"), "SET of key 0: the server says: OOM"},
	} {
		out, errs, status := program.Run(t, "", "-addr", c.addr)
		if status == 0 || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, c.want) {
			t.Errorf("%s: status %d, %q, %q", name, status, out, errs)
		}
	}
}
