//go:build daemons

package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

// zone is all that the server knows.
const zone = `$ORIGIN example.test.
$TTL 300
@      SOA   ns hostmaster 1 3600 600 86400 300
@      NS    ns
@      NS    ns.other.test.
@      MX    10 mail
@      MX    20 mail.other.test.
ns     A     192.0.2.53
www    CNAME web
web    A     192.0.2.1
web    A     192.0.2.2
web    AAAA  2001:db8::1
txt    TXT   "one \"two\" \\ three" "second; \009 \255"
large  TXT   %s
`

const reverseZone = `$ORIGIN 2.0.192.in-addr.arpa.
@ 300 SOA ns.example.test. hostmaster.example.test. 1 3600 600 86400 300
@ 300 NS ns.example.test.
1 300 PTR web.example.test.
`

// config has no network: what is in neither zone is forwarded to a place that
// the server may not ask, which makes it fail.
const config = `server:
  interface: 127.0.0.1@%[1]s
  do-daemonize: no
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  directory: "%[2]s"
  local-zone: "test." nodefault
  local-zone: "2.0.192.in-addr.arpa." nodefault
  local-zone: "deny.test." deny
  local-zone: "refused.test." refuse
remote-control:
  control-enable: no
auth-zone:
  name: example.test
  zonefile: zone
  for-downstream: yes
auth-zone:
  name: 2.0.192.in-addr.arpa
  zonefile: reverse
  for-downstream: yes
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@1
`

// large is a text that fits into no datagram of 512 bytes.
func large() []string {
	var parts []string
	for i := range 40 {
		parts = append(parts, fmt.Sprintf(`"%d %s"`, i, strings.Repeat("x", 100)))
	}
	return parts
}

// startUnbound runs a server on a port and in a directory of its own until the
// end of the test, and returns its address.
func startUnbound(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "zone", fmt.Sprintf(zone, strings.Join(large(), " ")))
	write(t, dir, "reverse", reverseZone)
	for range 10 { // another process may take the port
		port := freePort(t)
		write(t, dir, "config", fmt.Sprintf(config, port, dir))
		cmd := exec.Command("unbound", "-c", filepath.Join(dir, "config"))
		log, err := cmd.StderrPipe()
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
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if strings.Contains(lines.Text(), "start of service") {
				go func() {
					for lines.Scan() {
					}
				}()
				return "127.0.0.1:" + port
			}
			t.Log(lines.Text())
		}
	}
	t.Fatal("unbound does not start")
	return ""
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, port, err := net.SplitHostPort(c.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// sorted are the lines of an output, but the first fixed ones in their order.
func sorted(out string, fixed int) []string {
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	slices.Sort(lines[min(fixed, len(lines)):])
	return lines
}

func TestUnboundAnswers(t *testing.T) {
	addr := startUnbound(t)
	for _, c := range []struct {
		kind, name string
		fixed      int // lines whose order counts
		want       []string
	}{
		{"A", "web.example.test", 0, []string{"192.0.2.1", "192.0.2.2"}},
		{"A", "www.example.test.", 1, []string{"web.example.test.", "192.0.2.1", "192.0.2.2"}},
		{"AAAA", "www.example.test", 2, []string{"web.example.test.", "2001:db8::1"}},
		{"CNAME", "www.example.test", 0, []string{"web.example.test."}},
		{"MX", "example.test", 0, []string{"10 mail.example.test.", "20 mail.other.test."}},
		{"NS", "example.test", 0, []string{"ns.example.test.", "ns.other.test."}},
		{"PTR", "192.0.2.1", 0, []string{"web.example.test."}},
		{"TXT", "txt.example.test", 0, []string{`"one \"two\" \\ three" "second; \009 \255"`}},
		{"TXT", "large.example.test", 0, []string{strings.Join(large(), " ")}},
		{"MX", "web.example.test", 0, []string{""}},
	} {
		out, errs, status := program.Run(t, "", "-server", addr, "-type", c.kind, c.name)
		if got := sorted(out, c.fixed); status != 0 || errs != "" || !slices.Equal(got, c.want) {
			t.Errorf("%s %s: status %d, %q, %q", c.kind, c.name, status, got, errs)
		}
	}
}

func TestUnboundsFailuresAreToldInALine(t *testing.T) {
	addr := startUnbound(t)
	for name, want := range map[string]string{ // in whatever order
		"nowhere.example.test": "no such name",
		"else.where":           "the server failed",
		"x.refused.test":       "the server refuses",
		"x.deny.test":          "no answer, asked 3 times",
	} {
		out, errs, status := program.Run(t, "", "-server", addr, "-timeout", "2s", name)
		if status != 1 || out != "" || errs != "dns: "+name+": "+want+"\n" {
			t.Errorf("%s: status %d, %q, %q", name, status, out, errs)
		}
	}
}

// TestUnboundAnswersManyInOrder has thousands of questions, a part of them
// answered by TCP.
func TestUnboundAnswersManyInOrder(t *testing.T) {
	const n = 3000
	addr := startUnbound(t)
	var names, want strings.Builder
	for i := range n {
		switch i % 3 {
		case 0:
			names.WriteString("txt.example.test\n")
			want.WriteString(`"one \"two\" \\ three" "second; \009 \255"` + "\n")
		case 1:
			names.WriteString("web.example.test\n")
		case 2:
			if i%30 == 2 {
				names.WriteString("large.example.test\n")
				want.WriteString(strings.Join(large(), " ") + "\n")
			}
		}
	}
	out, errs, status := program.Run(t, names.String(), "-server", addr, "-type", "TXT", "-f", "-")
	if status != 0 || errs != "" || out != want.String() {
		t.Errorf("status %d, %d bytes, want %d, %.200q", status, len(out), want.Len(), errs)
	}
	out, _, _ = program.Run(t, "", "-server", addr, "-type", "TXT", "-json", "large.example.test")
	if !strings.Contains(out, `"tcp":true`) {
		t.Errorf("not by TCP: %q", out)
	}
}
