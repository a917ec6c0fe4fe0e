//go:build linux

package socks5_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/socks5"
)

var update = flag.Bool("update", false, "rewrite testdata/talks.txt")

// talk is a dial with a proxy that answers what the script says. A script that is
// over is the end of its stream.
type talk struct {
	network, address string
	chosen, reply    string // what the proxy sends: hexadecimal digits
}

const (
	noAuth  = "0500"
	success = "05000001c000020a1f90"
	name    = "0500000304686f737401bb"
)

var talks = []talk{
	{"tcp", "192.0.2.1:80", noAuth, success},
	{"tcp", "[2001:db8::1]:443", noAuth, "05000004" + strings.Repeat("00", 15) + "010050"},
	{"tcp", "[::ffff:192.0.2.1]:80", noAuth, success},
	{"tcp", "example.org:443", noAuth, name},
	{"tcp4", "example.org:443", noAuth, "050000030000"},
	{"tcp", strings.Repeat("n", 255) + ":1", noAuth, "05000003ff" + strings.Repeat("6e", 255) + "0001"},
	{"tcp", "example.org:80", noAuth, success + "68656c6c6f"}, // the target speaks at once
	{"tcp", "example.org:80", "05ff", ""},
	{"tcp", "example.org:80", "0502", ""},
	{"tcp", "example.org:80", "0501", ""},
	{"tcp", "example.org:80", "0507", ""},
	{"tcp", "example.org:80", "0400", ""},
	{"tcp", "example.org:80", "485454502f312e31", ""},
	{"tcp", "example.org:80", "05", ""},
	{"tcp", "example.org:80", "", ""},
	{"tcp", "example.org:80", noAuth, ""},
	{"tcp", "example.org:80", noAuth, "0501"},
	{"tcp", "example.org:80", noAuth, "05020001000000000000"},
	{"tcp", "example.org:80", noAuth, "05030001000000000000"},
	{"tcp", "example.org:80", noAuth, "05040001000000000000"},
	{"tcp", "example.org:80", noAuth, "05050001000000000000"},
	{"tcp", "example.org:80", noAuth, "05060001000000000000"},
	{"tcp", "example.org:80", noAuth, "05070001000000000000"},
	{"tcp", "example.org:80", noAuth, "05080001000000000000"},
	{"tcp", "example.org:80", noAuth, "05090001000000000000"},
	{"tcp", "example.org:80", noAuth, "05ff0001000000000000"},
	{"tcp", "example.org:80", noAuth, "04000001000000000000"},
	{"tcp", "example.org:80", noAuth, "05000101000000000000"},
	{"tcp", "example.org:80", noAuth, "05000002000000000000"},
	{"tcp", "example.org:80", noAuth, "0500000300"},
	{"tcp", "example.org:80", noAuth, "05000001c0000201"},
	{"tcp", "example.org:80", noAuth, "05000003ff6e6e6e"},
	{"udp", "example.org:53", "", ""},
	{"unix", "/run/x", "", ""},
	{"icmp", "192.0.2.1:1", "", ""},
	{"tcp", "example.org", "", ""},
	{"tcp", "example.org:http", "", ""},
	{"tcp", "example.org:65536", "", ""},
	{"tcp", ":80", "", ""},
	{"tcp", "[fe80::1%eth0]:80", "", ""},
	{"tcp", strings.Repeat("n", 256) + ":1", "", ""},
	{"tcp4", "[2001:db8::1]:80", "", ""},
	{"tcp6", "192.0.2.1:80", "", ""},
}

// play lets one talk happen and tells it.
func (k talk) play(t *testing.T, c tsocket.PipeConfig) string {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, c)
	defer b.Close()
	var out strings.Builder
	fmt.Fprintf(&out, "%s %.40s\n", k.network, k.address)
	var s *tsocket.Stream
	var err error
	r := socks5.Client(a, k.network, k.address).SetTimeout(patience)
	r.SetCallback(func(r tevent.Req[*tsocket.Stream]) { s, err = r.Result() })
	p := peer{t, ev, b, &out}
	if p.hear(3) {
		p.say(k.chosen)
		if k.chosen == noAuth && p.hear(requestLength(k)) {
			p.say(k.reply)
		}
	}
	b.SendShutdown().Ignore()
	for r.InProgress() || s == nil && err == nil {
		turns(t, ev, 1)
	}
	if err != nil {
		fmt.Fprintf(&out, "= %s\n\n", err)
		return out.String()
	}
	defer s.Close()
	rest := p.rest(s)
	fmt.Fprintf(&out, "= a stream to %s, on which %q comes\n\n", s.RemoteAddr(), rest)
	return out.String()
}

// requestLength is how long the request for a target is.
func requestLength(k talk) int {
	switch {
	case strings.HasPrefix(k.address, "[2001"):
		return 22
	case strings.HasPrefix(k.address, "192") || strings.HasPrefix(k.address, "["):
		return 10
	}
	host, _, _ := strings.Cut(k.address, ":")
	return 4 + 1 + len(host) + 2
}

// peer is the proxy's end of a talk.
type peer struct {
	t   *testing.T
	ev  *tevent.Context
	s   *tsocket.Stream
	out *strings.Builder
}

// hear takes n bytes; false at the end.
func (p peer) hear(n int) bool {
	b := make([]byte, n)
	n, err := tevent.Wait(p.ev, p.s.Readv(b).SetTimeout(patience))
	if n > 0 {
		fmt.Fprintf(p.out, "> %.80s\n", fmt.Sprintf("% x", b[:n]))
	}
	return err == nil
}

func (p peer) say(hex string) {
	if hex == "" {
		return
	}
	var b []byte
	if _, err := fmt.Sscanf(hex, "%x", &b); err != nil {
		p.t.Fatal(err)
	}
	p.s.Send(b).Ignore()
	fmt.Fprintf(p.out, "< %.80s\n", fmt.Sprintf("% x", b))
}

// rest is what the stream brings up to its end.
func (p peer) rest(s *tsocket.Stream) string {
	var all []byte
	for {
		b, err := tevent.Wait(p.ev, s.Peek(1).SetTimeout(patience))
		all = append(all, b...)
		s.Consume(len(b))
		if err != nil {
			if !errors.Is(err, io.EOF) {
				p.t.Error(err)
			}
			return string(all)
		}
	}
}

// However the bytes are cut, what is said and what comes of it is as in the file.
func TestEveryAnswerOfAProxyIsUnderstood(t *testing.T) {
	const file = "testdata/talks.txt"
	for _, c := range []tsocket.PipeConfig{{}, {Seed: 1}, {Seed: 2, Delay: time.Millisecond}} {
		var b strings.Builder
		for _, k := range talks {
			b.WriteString(k.play(t, c))
		}
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Fatalf("seed %d: talks differ from %s (read the diff, then -update):\n%s", c.Seed, file, b.String())
		}
	}
}
