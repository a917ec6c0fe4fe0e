package precon_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/precontest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// throw is one random round: two sides and what happens to them.
type throw struct {
	mine, theirs []precon.Arch // best first
	pipe         tsocket.PipeConfig
	cancel       [2]time.Duration // when a side withdraws; 0 never
	slow         time.Duration    // longest pause of a script
	pair         func(*tevent.Context) (a, b *tsocket.Stream, err error)
}

func (r throw) String() string {
	return fmt.Sprintf("mine %+v\ntheirs %+v\npipe %+v, cancel %v", r.mine, r.theirs, r.pipe, r.cancel)
}

// undisturbed reports whether only the scripts decide.
func (r throw) undisturbed() bool {
	return r.pipe.AtoB.Kind == 0 && r.pipe.BtoA.Kind == 0 && r.cancel == [2]time.Duration{}
}

// draw fills in archs, both sides' in an order of their own.
func (r *throw) draw(c *rand.Rand) {
	m := precontest.NewMeeting(r.pair)
	for i := range 1 + c.IntN(5) {
		steps, where := c.IntN(4), m
		if c.IntN(2) == 0 {
			where = nil
		}
		x, y := pairOf(fmt.Sprint("arch", i), steps, where, r.script(c, steps, where != nil), r.script(c, steps, where != nil))
		r.mine, r.theirs = append(r.mine, x), append(r.theirs, y)
	}
	c.Shuffle(len(r.mine), func(i, j int) { r.mine[i], r.mine[j] = r.mine[j], r.mine[i] })
	if c.IntN(2) == 0 {
		c.Shuffle(len(r.theirs), func(i, j int) { r.theirs[i], r.theirs[j] = r.theirs[j], r.theirs[i] })
	}
}

func (r *throw) script(c *rand.Rand, steps int, beside bool) precontest.Script {
	s := precontest.Script{Pause: time.Duration(c.IntN(3)) * r.slow / 2, Keeps: time.Duration(c.IntN(3)) * r.slow / 2, Wins: c.IntN(4) == 0}
	if c.IntN(3) == 0 {
		s.Does, s.At = precontest.Does(c.IntN(7)), c.IntN(steps+1)
	}
	if s.Does == precontest.Strays && !beside {
		s.Does = precontest.Fails
	}
	if s.Does == precontest.Hangs && c.IntN(4) == 0 {
		s.Deaf = true
	}
	return s
}

// disturb lets something else go wrong in half of the rounds.
func (r *throw) disturb(c *rand.Rand) {
	r.pipe.Seed = c.Uint64() * uint64(c.IntN(2))
	r.pipe.Delay = time.Duration(c.IntN(3)) * 3 * time.Millisecond
	f := tsocket.PipeFault{Kind: tsocket.PipeFaultKind(1 + c.IntN(2)), At: c.Int64N(900)}
	switch c.IntN(8) {
	case 0:
		r.pipe.AtoB = f
	case 1:
		r.pipe.BtoA = f
	case 2, 3:
		r.cancel[c.IntN(2)] = 1 + time.Duration(c.Int64N(int64(1)<<c.IntN(32)))
	}
}

// expect is the arch that both end on when nothing disturbs; "" is none.
func (r throw) expect() string {
	type rung struct {
		a, p       precontest.Arch
		sum, worse int
	}
	var rungs []rung
	early := true // the active side still looks for its first request
	for i, x := range r.mine {
		a := x.(precontest.Arch)
		k := slices.IndexFunc(r.theirs, func(y precon.Arch) bool { return y.Name() == a.ID })
		p := r.theirs[k].(precontest.Arch)
		if a.Does != precontest.Withholds {
			early = early && a.Does == precontest.Balks
			if a.Does == precontest.Balks && !early {
				a.Does = precontest.Works
			}
		}
		if p.Does == precontest.Balks {
			p.Does = precontest.Works
		}
		if a.Does != precontest.Withholds && p.Does != precontest.Withholds {
			rungs = append(rungs, rung{a, p, i + k, max(i, k)})
		}
	}
	slices.SortFunc(rungs, func(x, y rung) int {
		return cmp.Or(x.sum-y.sum, x.worse-y.worse, strings.Compare(x.a.ID, y.a.ID))
	})
	for _, r := range rungs {
		if r.a.Does == precontest.Works && r.p.Does == precontest.Works {
			return r.a.ID
		}
	}
	return ""
}

// In each of many random worlds both sides end on the same path, the one that
// the scripts say, or both with a typed error in time; nothing is left.
func TestRandomRoundsEndAlike(t *testing.T) {
	seed := newSeed(t)
	chance := rand.New(rand.NewPCG(seed, 3))
	up, down, doomed := 0, 0, 0
	for range 10000 {
		r := throw{slow: 100 * time.Millisecond}
		r.draw(chance)
		r.disturb(chance)
		inRound(t, func(t testing.TB) {
			switch a, p := r.play(t, chance.Uint64()); {
			case a.conn != nil && p.conn != nil:
				up++
			case a.conn == nil && p.conn == nil:
				down++
			default:
				doomed++
			}
		})
		if t.Failed() {
			t.Fatal(r)
		}
	}
	t.Logf("10000 rounds: %d up, %d down, %d up on one side and failed then", up, down, doomed)
}

func (r throw) play(t testing.TB, seed uint64) (a, p *outcome) {
	w, ev := newWorld(t, seed)
	x, y := tsocket.Pipe(ev, r.pipe)
	ra, rp := endpoint(ev, "a", r.mine...).Negotiate(x, true), endpoint(ev, "p", r.theirs...).Negotiate(y, false)
	a, p = w.watch(ra), w.watch(rp)
	for i, q := range []tevent.Req[*precon.Conn]{ra, rp} {
		if r.cancel[i] > 0 {
			o := []*outcome{a, p}[i]
			tevent.NewTimer(ev, func() { o.withdrawn = q.Cancel() }).Reset(r.cancel[i])
		}
	}
	turn(t, ev, func() bool { return a.ended() && p.ended() })
	r.judge(t, w, a, p)
	for _, o := range []*outcome{a, p} {
		if o.conn != nil {
			o.conn.Close()
		}
	}
	idle(t, ev)
	return a, p
}

func (r throw) judge(t testing.TB, w *world, a, p *outcome) {
	alike(t, w, a, p)
	if !r.undisturbed() {
		return
	}
	switch path := r.expect(); {
	case path == "":
		want(t, a.err, precon.ErrNoCommonPath)
		want(t, p.err, precon.ErrNoCommonPath)
	case a.err != nil || p.err != nil:
		t.Errorf("no path: %v, %v", a.err, p.err)
	case a.conn.Plan().Path != path:
		t.Errorf("took %s, want %s", a.conn.Plan().Path, path)
	default:
		talk(t, a.conn.Stream().Context(), a.conn, p.conn)
	}
}

// The same over the system's sockets and clock.
func TestRandomRoundsOnSocketsEndAlike(t *testing.T) {
	seed := newSeed(t)
	chance := rand.New(rand.NewPCG(seed, 4))
	ev := real(t)
	addrs := places(t)
	for i := range 200 {
		r := throw{slow: time.Millisecond, pair: tsocket.Socketpair}
		r.draw(chance)
		inRound(t, func(t testing.TB) { r.playOn(t, ev, addrs[[]string{"tcp", "unix", "tcp6"}[i%3]]) })
		if t.Failed() {
			t.Fatal(r)
		}
	}
	idle(t, ev)
}

// limit is the deadline of a negotiation in playOn.
const limit = 150 * time.Millisecond

func (r throw) playOn(t testing.TB, ev *tevent.Context, addr string) {
	cfg := func(name string, archs []precon.Arch) precon.Config {
		return precon.Config{Name: name, Archs: archs, Timeout: limit}
	}
	began := ev.Now()
	client, server := precon.NewEndpoint(ev, cfg("a", r.mine)), precon.NewEndpoint(ev, cfg("p", r.theirs))
	l := listen(t, server, addr)
	fails := failures(l)
	acc := l.Accept()
	a, p := follow(client.Dial(l.Addr()), timeless), follow(acc, timeless)
	turn(t, ev, func() bool { return a.ended() && (p.ended() || len(fails.errs) > 0) })
	switch {
	case p.err != nil:
		t.Error(p.err)
	case p.conn == nil:
		acc.Drop()
		typed(t, a.err)
		typed(t, fails.errs[0])
		return
	case a.err != nil:
		typed(t, a.err)
		typed(t, waitErr(t, ev, p.conn.Stream().Readv(make([]byte, 1))))
	default:
		defer a.conn.Close()
		if a.conn.Plan().Path != p.conn.Plan().Path {
			t.Errorf("%s and %s", a.conn.Plan().Path, p.conn.Plan().Path)
		}
		if err := tryTalk(t, ev, a.conn, p.conn); err != nil { // the deadline came between the path and the last frame
			typed(t, err)
			if at := ev.Now().Sub(began); at < limit {
				t.Errorf("failed after %v: %v", at, err)
			}
		}
	}
	p.conn.Close()
}
