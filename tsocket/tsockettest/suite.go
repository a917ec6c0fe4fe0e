package tsockettest

import (
	"context"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// NewPair returns two connected streams on ev. The suite closes them.
type NewPair func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream)

// guarantee is one subtest; it gets a fresh pair on a context that is checked
// for leaks.
type guarantee struct {
	name string
	show func(p *pair)
}

// Place runs a body on an event context and checks it for leaks; at the end of the
// body its cleanups run.
type Place func(t *testing.T, body func(t testing.TB, ev *tevent.Context))

// StreamSuite shows on pairs of newPair what holds for streams over every
// transport. What a pair buffers does not grow while it is used.
func StreamSuite(t *testing.T, newPair NewPair) {
	suite(t, newPair, onSystem, func(p *pair) *tevent.Context { return teventtest.New(p) })
}

// StreamSuiteIn is StreamSuite in a place with one context, such as a simulated
// world: streams that move come back to it.
func StreamSuiteIn(t *testing.T, place Place, newPair NewPair) {
	suite(t, newPair, place, func(p *pair) *tevent.Context { return p.ev })
}

func onSystem(t *testing.T, body func(t testing.TB, ev *tevent.Context)) { body(t, teventtest.New(t)) }

func suite(t *testing.T, newPair NewPair, place Place, other func(*pair) *tevent.Context) {
	flood := 24 << 20
	show := func(name string, f func(p *pair)) {
		t.Run(name, func(t *testing.T) {
			place(t, func(t testing.TB, ev *tevent.Context) {
				a, b := newPair(t, ev)
				t.Cleanup(func() {
					a.Close()
					b.Close()
				})
				f(&pair{scene{t, ev}, a, b, flood, other})
			})
		})
	}
	show("a peer that nobody reads stops a write", func(p *pair) { flood = 2*capacity(p) + 1<<20 })
	for _, list := range [][]guarantee{vectors, reads, ends, halves, shuts, states, moves, peeks, sends, cancels, tries, handlers} {
		for _, g := range list {
			show(g.name, g.show)
		}
	}
}

// pair is two connected streams and the test they belong to.
type pair struct {
	scene
	a, b  *tsocket.Stream
	flood int                           // more bytes than the transport buffers
	other func(p *pair) *tevent.Context // where streams move to
}

// capacity is how many bytes the way from a to b holds.
func capacity(p *pair) int {
	w := p.block(p.a)
	w.Cancel()
	return fails(p, w, context.Canceled)
}

// arrived lets at least n bytes come to s.
func (p *pair) arrived(s *tsocket.Stream, n int) {
	p.Helper()
	p.until("the bytes arrive", func() bool {
		k, err := s.Pending()
		if err != nil {
			p.Fatal(err)
		}
		return k >= n
	})
}

// write sends text from s.
func (p *pair) write(s *tsocket.Stream, text string) {
	p.Helper()
	if n := get(p, s.Writev([]byte(text))); n != len(text) {
		p.Fatalf("Writev took %d of %d bytes", n, len(text))
	}
}

// read takes len(text) bytes from s and compares.
func (p *pair) read(s *tsocket.Stream, text string) {
	p.Helper()
	b := make([]byte, len(text))
	if n := get(p, s.Readv(b)); n != len(b) || string(b) != text {
		p.Fatalf("read %d bytes %q, want %q", n, b, text)
	}
}

// eof reads the end of s.
func (p *pair) eof(s *tsocket.Stream) {
	p.Helper()
	fails(p, s.Readv(make([]byte, 1)), atEnd...)
}

// pattern is n bytes in which a lost or doubled piece shows.
func pattern(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

// block fills the way from s to its peer and returns the write that waits.
func (p *pair) block(s *tsocket.Stream) tevent.Req[int] {
	p.Helper()
	w := s.Writev(make([]byte, p.flood))
	p.idle()
	if !w.InProgress() {
		p.Fatal("a write of more than is buffered does not wait")
	}
	return w
}
