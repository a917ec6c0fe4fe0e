package tsockettest

import (
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Step is one thing that a scripted peer does.
type Step struct {
	name string
	do   func(p *player)
}

// String is the step as a failure names it.
func (x Step) String() string { return x.name }

// Expect reads len(text) bytes, which have to be text.
func Expect(text string) Step {
	return Step{fmt.Sprintf("expect %q", text), func(p *player) { p.expect(text) }}
}

// ExpectEnd reads the end of the stream: its other side sends no more.
func ExpectEnd() Step {
	return Step{"expect the end", func(p *player) { p.expectError(io.EOF) }}
}

// ExpectReset reads until the connection was reset; bytes that come before are
// dropped.
func ExpectReset() Step {
	return Step{"expect a reset", func(p *player) { p.expectError(syscall.ECONNRESET) }}
}

// Send sends text.
func Send(text string) Step {
	return Step{fmt.Sprintf("send %q", text), func(p *player) { p.send([]byte(text), len(text)) }}
}

// SendPieces sends text n bytes at a time, with a turn of the loop in between, so
// that its reader meets every boundary.
func SendPieces(text string, n int) Step {
	return Step{fmt.Sprintf("send %q by %d", text, n), func(p *player) { p.send([]byte(text), n) }}
}

// Flood sends zero bytes until n of them are with the transport, which may take
// until they are read.
func Flood(n int) Step {
	return Step{fmt.Sprintf("send %d bytes", n), func(p *player) { p.send(make([]byte, n), n) }}
}

// Shut ends the direction to the other side; reading goes on.
func Shut() Step {
	return Step{"shut", func(p *player) { tevent.Handle(p.s.ShutdownWrite(), p, (*player).shut) }}
}

// Reset breaks the connection, where the transport can; bytes that were not read
// are lost. Nothing but Stall and When makes sense behind it.
func Reset() Step {
	return Step{"reset", func(p *player) { p.did(p.s.Abort()) }}
}

// Close closes the stream with whatever was not read in it.
func Close() Step {
	return Step{"close", func(p *player) { p.did(p.s.Close()) }}
}

// Stall neither reads nor sends for d of the context's time, which in a simulated
// world costs none.
func Stall(d time.Duration) Step {
	return Step{fmt.Sprintf("stall for %v", d), func(p *player) { tevent.Handle(tevent.Sleep(p.ev, d), p, (*player).slept) }}
}

// When waits until cond holds, which is asked every millisecond of the context's
// time. what is for people.
func When(what string, cond func() bool) Step {
	return Step{"wait until " + what, func(p *player) { p.when(cond) }}
}

// Do calls f, which may look at the stream; its error ends the script.
func Do(what string, f func(s *tsocket.Stream) error) Step {
	return Step{what, func(p *player) { p.did(f(p.s)) }}
}
