package main

import (
	"bufio"
	"io"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

// patience ends what hangs; no test depends on its length.
const patience = time.Minute

func TestMain(m *testing.M) { program.Main(m, main) }

// serving is the program as a server.
type serving struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	addr  string
}

func serve(t *testing.T, args ...string) *serving {
	t.Helper()
	s := &serving{cmd: program.Command(t.Context(), append([]string{"-listen", "127.0.0.1:0"}, args...)...)}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() })
	s.lines = bufio.NewScanner(out)
	s.lines.Scan()
	s.addr = strings.TrimPrefix(s.lines.Text(), "listening on ")
	return s
}

// drain ends the server and returns its last line.
func (s *serving) drain(t *testing.T) string {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.lines.Scan()
	if err := s.cmd.Wait(); err != nil {
		t.Error(err)
	}
	return s.lines.Text()
}

// person is somebody with a terminal, such as that of nc.
type person struct {
	t testing.TB
	net.Conn
	in *bufio.Reader
}

func reader(c net.Conn) *bufio.Reader { return bufio.NewReader(c) }

func come(t testing.TB, addr, name string) *person {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	p := &person{t, c, reader(c)}
	p.hear("* say your name")
	p.say(name)
	return p
}

func (p *person) say(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p, line+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

// hear wants these lines next.
func (p *person) hear(want ...string) {
	p.t.Helper()
	for _, w := range want {
		if line, err := p.in.ReadString('\n'); err != nil || line != w+"\n" {
			p.t.Fatalf("heard %q, %v, want %q", line, err, w)
		}
	}
}

// end wants that nothing follows.
func (p *person) end() {
	p.t.Helper()
	if rest, err := io.ReadAll(p.in); err != nil || len(rest) > 0 {
		p.t.Fatalf("%q, %v, want the end", rest, err)
	}
}

func TestPeopleTalk(t *testing.T) {
	s := serve(t)
	alice := come(t, s.addr, "alice")
	alice.hear("* welcome, alice; 1 here: alice")
	bob := come(t, s.addr, "two words")
	bob.hear("* a name is up to 20 bytes of letters, digits, - and _")
	bob.say("alice")
	bob.hear("* that name is taken")
	bob.say("bob\r")
	bob.hear("* welcome, bob; 2 here: alice, bob")
	alice.hear("* bob is here")
	bob.say("good \x1b[31mevening\x07\xff\r")
	bob.say("")
	bob.say("/who")
	alice.hear("bob: good [31mevening\ufffd")
	bob.hear("* 2 here: alice, bob")
	alice.say(strings.Repeat("x", maxLine-1))
	bob.hear("alice: " + strings.Repeat("x", maxLine-1))
	alice.say(strings.Repeat("x", maxLine))
	alice.hear("* a line has at most 512 bytes")
	alice.end()
	alice.Close()
	bob.hear("* alice has left")
	bob.say("/quit")
	bob.hear("* goodbye")
	bob.end()
	bob.Close()
	if got, want := s.drain(t), "drained: 2 clients, 0 refused, 2 lines, 0 lost"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSIGTERMTellsEverybodyAndDrains(t *testing.T) {
	s := serve(t, "-most", "2")
	alice := come(t, s.addr, "alice")
	alice.hear("* welcome, alice; 1 here: alice")
	shy, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer shy.Close()
	nameless := &person{t, shy, reader(shy)}
	nameless.hear("* say your name")
	third := come(t, s.addr, "carol")
	third.hear("* there is no room for you")
	third.end()
	third.Close()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	alice.hear("* the server is going down")
	alice.end()
	alice.Close()
	nameless.hear("* the server is going down")
	nameless.end()
	nameless.Close()
	s.lines.Scan()
	if got, want := s.lines.Text(), "drained: 2 clients, 1 refused, 0 lines, 0 lost"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestClientHalfSaysWhatIsTypedAndPrintsWhatIsSaid runs the program as a client.
func TestClientHalfSaysWhatIsTypedAndPrintsWhatIsSaid(t *testing.T) {
	s := serve(t)
	alice := come(t, s.addr, "alice")
	alice.hear("* welcome, alice; 1 here: alice")
	typed := "hello\n" + strings.Repeat("x", maxLine) + "\nand goodbye\n"
	out, errs, status := program.Run(t, typed, "-dial", s.addr, "-name", "bob")
	alice.hear("* bob is here", "bob: hello", "bob: and goodbye", "* bob has left")
	if want := "* say your name\n* welcome, bob; 2 here: alice, bob\n* goodbye\n"; out != want || status != 0 {
		t.Errorf("status %d, printed %q", status, out)
	}
	if want := "chat: a line has at most 512 bytes\n"; errs != want {
		t.Errorf("complained %q", errs)
	}
}

func TestClientHalfSaysThatALineHasNoEnd(t *testing.T) {
	s := serve(t)
	alice := come(t, s.addr, "alice")
	alice.hear("* welcome, alice; 1 here: alice")
	_, errs, status := program.Run(t, "hello\n"+strings.Repeat("x", 1<<20), "-dial", s.addr, "-name", "bob")
	alice.hear("* bob is here", "bob: hello", "* bob has left")
	if want := "chat: what is typed: bufio.Scanner: token too long\n"; errs != want || status != 0 {
		t.Errorf("status %d, complained %q", status, errs)
	}
}

func TestMistakesAreOneLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for want, args := range map[string][]string{ // in whatever order
		"say one of":             nil,
		"say one of -listen":     {"-listen", "127.0.0.1:0", "-dial", "127.0.0.1:1"},
		"invalid argument":       {"-dial", "nowhere"},
		"connection refused":     {"-dial", "127.0.0.1:1"},
		"address already in use": {"-listen", taken.Addr().String()},
	} {
		_, errs, status := program.Run(t, "", args...)
		if status == 0 || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, want) {
			t.Errorf("%v: status %d, %q", args, status, errs)
		}
	}
}

func FuzzNothingOfALineReachesATerminalButPrint(f *testing.F) {
	f.Add([]byte("\x1b]0;title\x07\r\n"))
	f.Add([]byte("\u202eright to left\u2028\xff\xc3"))
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, r := range clean(line) {
			if !unicode.IsPrint(r) {
				t.Errorf("%q has %q", clean(line), r)
			}
		}
	})
}
