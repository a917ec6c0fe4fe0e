package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestManyListenBesideOneWhoDoesNot: they hear everything. He costs the server no
// more than he may, whatever is said, and is told of each line that he lost.
func TestManyListenBesideOneWhoDoesNot(t *testing.T) {
	const people, rounds, each, size = 6, 600, 100, 500 // 30 MB
	s := serve(t, "-patience", "10m")
	deaf := &person{t: t, Conn: narrow(t, s.addr)}
	deaf.in = reader(deaf)
	deaf.hear("* say your name")
	deaf.say("deaf")
	deaf.hear("* welcome, deaf; 1 here: deaf")
	var told []string
	all := make([]*person, people)
	for i := range all {
		all[i] = come(t, s.addr, fmt.Sprint("p", i))
		told = append(told, fmt.Sprintf("* p%d is here", i))
		for line := ""; !strings.HasPrefix(line, "* welcome"); {
			line, _ = all[i].in.ReadString('\n')
		}
		for _, p := range all[:i] {
			p.hear(told[i])
		}
	}
	before := resident(t, s.cmd.Process.Pid)
	for round := range rounds { // all hear what one says before he goes on
		lines := make([]string, each)
		for i := range lines {
			lines[i] = fmt.Sprintf("%d %d %s", round, i, strings.Repeat("x", size))[:size]
			told = append(told, "p0: "+lines[i])
		}
		all[0].say(strings.Join(lines, "\n"))
		var hearing sync.WaitGroup
		for _, p := range all[1:] {
			hearing.Go(func() { p.hearAll(told[len(told)-each:]) })
		}
		hearing.Wait()
		if t.Failed() {
			return
		}
	}
	if grown := resident(t, s.cmd.Process.Pid) - before; grown > mayGrow {
		t.Errorf("the server has grown by %d bytes", grown)
	} else {
		t.Logf("the server has grown by %d bytes", grown)
	}
	heard := deaf.hearUntil("* you were too slow")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	heard = append(heard, deaf.hearUntil(goingDown)...)
	lost, err := account(append(told, goingDown), heard)
	if err != nil || lost == 0 {
		t.Errorf("%d lines lost, %v", lost, err)
	}
}

// hearUntil returns all lines up to one that begins so.
func (p *person) hearUntil(prefix string) (lines []string) {
	p.t.Helper()
	for {
		line, err := p.in.ReadString('\n')
		if err != nil {
			p.t.Fatalf("%v before %q", err, prefix)
		}
		if lines = append(lines, strings.TrimSuffix(line, "\n")); strings.HasPrefix(line, prefix) {
			return lines
		}
	}
}

// hearAll is hear for another goroutine than the test's.
func (p *person) hearAll(want []string) {
	for _, w := range want {
		if line, err := p.in.ReadString('\n'); err != nil || line != w+"\n" {
			p.t.Errorf("heard %q, %v, want %q", line, err, w)
			return
		}
	}
}

// narrow is a connection for which the system keeps little.
func narrow(t *testing.T, addr string) net.Conn {
	t.Helper()
	d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) (err error) {
		set := func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) }
		if e := c.Control(set); e != nil {
			return e
		}
		return err
	}}
	c, err := d.DialContext(context.Background(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

// resident is how much memory a process has, in bytes.
func resident(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
