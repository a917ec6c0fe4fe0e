package tsockettest

import (
	"fmt"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// NewDgrams returns two endpoints on ev, each of which is the other's connected
// peer or has a LocalAddr that the other can send to. Between them a few short
// datagrams are neither lost nor change places. The suite closes them.
type NewDgrams func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Dgram)

// DgramSuite shows on pairs of newDgrams what holds for datagrams over every
// transport. No transport takes a datagram of 16 MiB.
func DgramSuite(t *testing.T, newDgrams NewDgrams) {
	dgramSuite(t, newDgrams, onSystem, func(p *dgrams) *tevent.Context { return teventtest.New(p) })
}

// DgramSuiteIn is DgramSuite in a place with one context, such as a simulated
// world: endpoints that move come back to it.
func DgramSuiteIn(t *testing.T, place Place, newDgrams NewDgrams) {
	dgramSuite(t, newDgrams, place, func(p *dgrams) *tevent.Context { return p.ev })
}

// dgramGuarantee is one subtest; it gets fresh endpoints on a context that is
// checked for leaks.
type dgramGuarantee struct {
	name string
	show func(p *dgrams)
}

func dgramSuite(t *testing.T, newDgrams NewDgrams, place Place, other func(*dgrams) *tevent.Context) {
	for _, list := range [][]dgramGuarantee{receives, sendings, batches, lives} {
		for _, g := range list {
			t.Run(g.name, func(t *testing.T) {
				place(t, func(t testing.TB, ev *tevent.Context) {
					a, b := newDgrams(t, ev)
					t.Cleanup(func() {
						a.Close()
						b.Close()
					})
					g.show(&dgrams{scene{t, ev}, a, b, other})
				})
			})
		}
	}
}

// dgrams is two endpoints and the test they belong to.
type dgrams struct {
	scene
	a, b  *tsocket.Dgram
	other func(p *dgrams) *tevent.Context // where endpoints move to
}

// to is how d's datagrams find its peer.
func (p *dgrams) to(d *tsocket.Dgram) tsocket.Address {
	switch {
	case d.RemoteAddr().IsValid():
		return tsocket.Address{}
	case d == p.a:
		return p.b.LocalAddr()
	}
	return p.a.LocalAddr()
}

// send sends text from d to its peer.
func (p *dgrams) send(d *tsocket.Dgram, text string) {
	p.Helper()
	if n := get(p, d.Sendto([]byte(text), p.to(d))); n != len(text) {
		p.Fatalf("Sendto of %d bytes says %d", len(text), n)
	}
}

// recv wants text from the peer to be d's next datagram.
func (p *dgrams) recv(d *tsocket.Dgram, text string) {
	p.Helper()
	buf := make([]byte, len(text)+1)
	g := get(p, d.Recvfrom(buf))
	p.came(d, g, buf, text)
}

// came wants g, which d received into buf, to be text from the peer.
func (p *dgrams) came(d *tsocket.Dgram, g tsocket.Datagram, buf []byte, text string) {
	p.Helper()
	from := p.a.LocalAddr()
	if d == p.a {
		from = p.b.LocalAddr()
	}
	if string(buf[:g.N]) != text || g.Truncated || g.From != from {
		p.Fatalf("received %q, %+v, want %q from %v", buf[:g.N], g, text, from)
	}
}

// numbered is n short texts that are all different.
func numbered(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("datagram %d", i)
	}
	return texts
}
