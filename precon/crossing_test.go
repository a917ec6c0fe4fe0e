package precon_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon/precontest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Both sides' verdicts in either order, far apart and while the other's is on its
// way, in place and beside: both end on the first rung if both said OK, else
// on the second.
func TestVerdictsCrossInEveryOrder(t *testing.T) {
	verdicts := []precontest.Does{precontest.Works, precontest.Fails, precontest.Refuses}
	for _, beside := range []bool{false, true} {
		for _, mine := range verdicts {
			for _, theirs := range verdicts {
				for early := range 9 { // when each is ready: 0, 5 or 30 ms; a flight takes up to 10
					t.Run(fmt.Sprintf("beside=%t/%v,%v/%d", beside, mine, theirs, early), func(t *testing.T) {
						a, p := precontest.Script{Does: mine}, precontest.Script{Does: theirs}
						after := []time.Duration{0, 5 * time.Millisecond, 30 * time.Millisecond}
						a.Pause, p.Pause = after[early/3], after[early%3]
						for seed := range uint64(5) {
							cross(t, a, p, beside, seed+1)
						}
					})
				}
			}
		}
	}
}

func cross(t *testing.T, mine, theirs precontest.Script, beside bool, seed uint64) {
	w, ev := newWorld(t, seed)
	var m *precontest.Meeting
	if beside {
		m = precontest.NewMeeting(nil)
	}
	x, y := pairOf("first", 0, m, mine, theirs)
	path := "first"
	if mine.Does != precontest.Works || theirs.Does != precontest.Works {
		path = "second"
	}
	second := precontest.Arch{ID: "second"}
	a, p := w.meet(ev, endpoint(ev, "a", x, second), endpoint(ev, "p", y, second), tsocket.PipeConfig{Seed: seed, Delay: 10 * time.Millisecond})
	for _, o := range []*outcome{a, p} {
		if o.err != nil || o.conn.Plan().Path != path {
			t.Fatalf("%+v, want %s", o, path)
		}
	}
	talk(t, ev, a.conn, p.conn)
	a.conn.Close()
	p.conn.Close()
	idle(t, ev)
}

// The path beside may be faster or slower than the bootstrap: the proof, the
// verdicts, EOF and data come in any order.
func TestPathBesideMayBeFasterOrSlowerThanTheBootstrap(t *testing.T) {
	seed := newSeed(t)
	c := rand.New(rand.NewPCG(seed, 6))
	for range 500 {
		inRound(t, func(t testing.TB) {
			_, ev := newWorld(t, seed)
			m := precontest.NewMeeting(slowPair(tsocket.PipeConfig{Seed: c.Uint64(), Delay: time.Duration(c.IntN(3)) * 20 * time.Millisecond}))
			pause := func() precontest.Script {
				return precontest.Script{Pause: time.Duration(c.IntN(3)) * 10 * time.Millisecond, Secret: []byte("secret")}
			}
			a, p := pairOf("x", c.IntN(3), m, pause(), pause())
			x, y := tsocket.Pipe(ev, tsocket.PipeConfig{Seed: c.Uint64(), Delay: time.Duration(c.IntN(3)) * 20 * time.Millisecond})
			exchange(t, ev, endpoint(ev, "a", a).Negotiate(x, true), endpoint(ev, "p", p).Negotiate(y, false),
				c.IntN(2) == 0, 1+c.IntN(5000), 1+c.IntN(5000))
			idle(t, ev)
		})
	}
}
