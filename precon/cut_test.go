package precon_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/precontest"
	"github.com/tsocket-go/tsocket/tsocket"
)

const (
	timeout = 10 * time.Second // of the endpoints
	slack   = 2 * time.Second  // for a FAIL to arrive
)

// courses are negotiations in which every frame occurs.
func courses() map[string]func() (mine, theirs []precon.Arch) {
	one := func(steps int, beside bool, a, p precontest.Script) func() (mine, theirs []precon.Arch) {
		return func() (mine, theirs []precon.Arch) {
			var m *precontest.Meeting
			if beside {
				m = precontest.NewMeeting(nil)
			}
			x, y := pairOf("x", steps, m, a, p)
			return []precon.Arch{x}, []precon.Arch{y}
		}
	}
	works, fails := precontest.Script{Secret: []byte("s")}, precontest.Script{Does: precontest.Fails, At: 1}
	return map[string]func() (mine, theirs []precon.Arch){
		"in place":    one(2, false, works, works),
		"beside":      one(1, true, works, works),
		"without way": one(1, false, works, fails),
		"ladder":      ladder,
	}
}

// ladder has other first choices, a refusal, a failure, then a path beside.
func ladder() (mine, theirs []precon.Arch) {
	add := func(a, p precon.Arch) { mine, theirs = append(mine, a), append(theirs, p) }
	add(pairOf("r", 0, nil, precontest.Script{}, precontest.Script{Does: precontest.Refuses}))
	add(pairOf("f", 2, nil, precontest.Script{Does: precontest.Fails, At: 1}, precontest.Script{}))
	add(pairOf("b", 1, precontest.NewMeeting(nil), precontest.Script{}, precontest.Script{}))
	mine = slices.Insert(mine, 0, precon.Arch(precontest.Arch{ID: "only"}))
	return mine, theirs
}

// cuts is how a way ends; nil for a fault of the pipe.
var cuts = map[string]func(*way){"FIN": fin, "RST": kill, "silence": silence}

// Whatever arrives of the frames of a side, and however its bytes end, the other
// side knows in time, and nothing is left.
func TestFramesCutAtEveryByte(t *testing.T) {
	runs := 0
	for name, course := range courses() {
		var total [2]int
		inRound(t, func(t testing.TB) { total = lengths(t, course) })
		for end := range cuts {
			for side := range 2 {
				for k := range total[side] {
					inRound(t, func(t testing.TB) { cutAt(t, fmt.Sprintf("%s, %s of side %d", name, end, side), course, end, side, k) })
					runs++
				}
			}
		}
	}
	t.Logf("%d negotiations", runs)
}

// lengths is how many bytes each side sends in a course.
func lengths(t testing.TB, course func() (mine, theirs []precon.Arch)) [2]int {
	w, ev := newWorld(t, 1)
	mine, theirs := course()
	r, x, y := newRelay(ev)
	r.run()
	a, p := w.watch(endpoint(ev, "a", mine...).Negotiate(x, true)), w.watch(endpoint(ev, "p", theirs...).Negotiate(y, false))
	turn(t, ev, func() bool { return a.ended() && p.ended() })
	n := [2]int{r.ways[0].passed, r.ways[1].passed}
	if a.conn != nil {
		a.conn.Close()
		p.conn.Close()
	}
	idle(t, ev)
	r.close()
	return n
}

func cutAt(t testing.TB, what string, course func() (mine, theirs []precon.Arch), end string, side, k int) {
	w, ev := newWorld(t, 1)
	mine, theirs := course()
	r, x, y := newRelay(ev)
	r.ways[side].limit, r.ways[side].cut = k, cuts[end]
	r.run()
	a, p := w.watch(endpoint(ev, "a", mine...).Negotiate(x, true)), w.watch(endpoint(ev, "p", theirs...).Negotiate(y, false))
	turn(t, ev, func() bool { return a.ended() && p.ended() })
	alike(t, w, a, p)
	for _, o := range []*outcome{a, p} {
		if o.conn != nil {
			o.conn.Close()
		}
	}
	r.close()
	idle(t, ev)
	if t.Failed() {
		t.Fatalf("%s at byte %d: active %+v, passive %+v", what, k, *a, *p)
	}
}

// alike checks two outcomes behind a disturbance: a connection on the same path,
// or typed errors in time. If only one side has a connection it does not last.
func alike(t testing.TB, w *world, a, p *outcome) {
	t.Helper()
	for _, o := range []*outcome{a, p} {
		if o.err != nil && !o.withdrawn {
			typed(t, o.err)
		}
		if o.at > timeout+slack {
			t.Errorf("ended after %v", o.at)
		}
	}
	switch {
	case a.conn != nil && p.conn != nil:
		if a.conn.Plan().Path != p.conn.Plan().Path {
			t.Errorf("took %s and %s", a.conn.Plan().Path, p.conn.Plan().Path)
		}
	case a.conn != nil:
		doomed(t, w, a.conn)
	case p.conn != nil:
		doomed(t, w, p.conn)
	}
}

// doomed checks that the first read and write of a connection without a peer
// say why.
func doomed(t testing.TB, w *world, c *precon.Conn) {
	t.Helper()
	ev := c.Stream().Context()
	err := waitErr(t, ev, c.Stream().Readv(make([]byte, 1)))
	typed(t, err)
	err = waitErr(t, ev, c.Stream().Writev([]byte("x")))
	typed(t, err)
	if at := w.now(); at > timeout+slack {
		t.Errorf("failed after %v", at)
	}
}

// A process that dies after each of its frames.
func TestPeerKilledBehindEachFrame(t *testing.T) {
	for _, course := range courses() {
		for side := range 2 {
			for n, whole := 0, false; !whole; n++ {
				inRound(t, func(t testing.TB) { whole = killBehind(t, course, side, n) })
			}
		}
	}
}

// killBehind kills a side behind its n-th frame; it reports whether there were
// fewer.
func killBehind(t testing.TB, course func() (mine, theirs []precon.Arch), side, n int) (whole bool) {
	w, ev := newWorld(t, 1)
	mine, theirs := course()
	r, x, y := newRelay(ev)
	seen, cut := 0, r.ways[side]
	cut.edit = func(f []byte) []byte {
		if seen++; seen > n {
			if !cut.over {
				cut.over = true
				kill(cut)
			}
			return nil
		}
		return f
	}
	r.run()
	a, p := w.watch(endpoint(ev, "a", mine...).Negotiate(x, true)), w.watch(endpoint(ev, "p", theirs...).Negotiate(y, false))
	turn(t, ev, func() bool { return a.ended() && p.ended() })
	alike(t, w, a, p)
	for _, o := range []*outcome{a, p} {
		if o.conn != nil {
			o.conn.Close()
		}
	}
	idle(t, ev)
	r.close()
	return seen <= n
}

// A pipe that resets or stalls by itself, at every byte.
func TestPipeBreaksAtEveryByte(t *testing.T) {
	for _, kind := range []tsocket.PipeFaultKind{tsocket.PipeReset, tsocket.PipeStall} {
		for side := range 2 {
			for k := range int64(700) {
				c := tsocket.PipeConfig{}
				f := tsocket.PipeFault{Kind: kind, At: k}
				if side == 0 {
					c.AtoB = f
				} else {
					c.BtoA = f
				}
				inRound(t, func(t testing.TB) { breaks(t, c) })
			}
		}
	}
}

func breaks(t testing.TB, c tsocket.PipeConfig) {
	w, ev := newWorld(t, 1)
	mine, theirs := ladder()
	a, p := w.meet(ev, endpoint(ev, "a", mine...), endpoint(ev, "p", theirs...), c)
	alike(t, w, a, p)
	for _, o := range []*outcome{a, p} {
		if o.conn != nil {
			o.conn.Close()
		}
	}
	idle(t, ev)
	if t.Failed() {
		t.Fatalf("%+v: active %+v, passive %+v", c, *a, *p)
	}
}
