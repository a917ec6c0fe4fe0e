package machine

import (
	"fmt"
	"strings"
	"testing"
)

// TestEveryInterleavingEndsAlike explores two machines under every order of
// deliveries, results, timers and losses, over ladders of up to three rungs.
func TestEveryInterleavingEndsAlike(t *testing.T) {
	total, up := 0, 0
	for _, s := range scenarios() {
		x := explorer{t: t, scenario: s, seen: map[[16]byte]struct{}{}}
		x.visit(s.world(t))
		total, up = total+len(x.seen), up+x.up
		if *deep {
			t.Logf("%8d states: %s (up %d, down %d, open path lost %d)", len(x.seen), s.name, x.up, x.down, x.lost)
		}
	}
	if up == 0 {
		t.Error("no interleaving brings both sides up")
	}
	t.Logf("%d states explored", total)
}

// explorer is one depth-first search.
type explorer struct {
	scenario
	t     *testing.T
	seen  map[[16]byte]struct{}
	trail []move // from the first world to this one

	up, down, lost int // final worlds: both up, both down, one up and the other's open path lost
}

func (x *explorer) visit(w *world) {
	key := w.key(x.exact)
	if _, ok := x.seen[key]; ok {
		return
	}
	x.seen[key] = struct{}{}
	progress := false
	for _, v := range w.moves(x.scenario) {
		progress = progress || !v.soft
		next := w.clone()
		x.trail = append(x.trail, v)
		x.try(next, v)
		x.trail = x.trail[:len(x.trail)-1]
	}
	if !progress {
		x.final(w)
	}
}

// try makes one move and goes on from there.
func (x *explorer) try(w *world, v move) {
	defer func() {
		if r := recover(); r != nil {
			x.fatalf("%v", r)
		}
	}()
	w.make(v)
	x.visit(w)
}

// fatalf fails with the way that led here.
func (x *explorer) fatalf(format string, args ...any) {
	x.t.Helper()
	var b strings.Builder
	for _, v := range x.trail {
		fmt.Fprintf(&b, "\t%v\n", v)
	}
	x.t.Fatalf("%s: %s, after:\n%s", x.name, fmt.Sprintf(format, args...), b.String())
}
