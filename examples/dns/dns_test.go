package main

import (
	"net"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

func TestMistakesAreOneLine(t *testing.T) {
	for want, args := range map[string][]string{ // in whatever order
		"0 names":           nil,
		"type MD":           {"-type", "MD", "a.test"},
		"0s":                {"-timeout", "0", "a.test"},
		"0 at a time":       {"-parallel", "0", "a.test"},
		"1001 at a time":    {"-parallel", "1001", "a.test"},
		"invalid argument":  {"-server", "localhost", "a.test"},
		"no name server":    {"-server", "unix:/run/x", "a.test"},
		"no such file":      {"-f", "/nonexistent/names"},
		"1 to 63 bytes":     {"a..test"},
		"printable ASCII":   {"a\x1b.test"},
		"at most 253 bytes": {strings.Repeat("abc.", 64)},
	} {
		out, errs, status := program.Run(t, "", args...)
		if status == 0 || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, want) || strings.Contains(errs, "\x1b") {
			t.Errorf("%v: status %d, %q, %q", args, status, out, errs)
		}
	}
}

// TestASilentServerIsToldForEachName has one that takes every datagram and says
// nothing.
func TestASilentServerIsToldForEachName(t *testing.T) {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	out, errs, status := program.Run(t, "\n c.test \n\nd.test", "-server", c.LocalAddr().String(), "-timeout", "300ms", "-json", "-f", "-", "a.test", "b.test")
	want := ""
	for _, name := range []string{"a", "b", "c", "d"} {
		want += `{"name":"` + name + `.test","type":"A","answers":[],"error":"no answer, asked 3 times"}` + "\n"
	}
	if status != 1 || out != want || strings.Count(errs, ": no answer, asked 3 times\n") != 4 {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
}
