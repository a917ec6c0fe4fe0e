package machine

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// scenario is one pair of sides to explore.
type scenario struct {
	name            string
	active, passive []string // offers, best first
	refuse          [3]int   // by rung: what Init refuses
	trouble         int      // how many deadlines and losses may happen
	noSteps         bool     // halves send no STEP
	exact           bool     // worlds differ by their transcripts too
}

// What Init refuses.
const (
	accept       = iota
	activeEarly  // the active side, before REQ
	activeLate   // the active side, once it knows the peer
	passiveSide  // the passive side
	refusalKinds // how many
)

// deep asks for minutes instead of seconds.
var deep = flag.Bool("deep", false, "explore three losses, refusals with losses, several refusals on three rungs, and STEPs on two rungs")

// scenarios lists ladders of zero to three rungs, with the same and with another
// first choice, and every way Init refuses rungs.
func scenarios() []scenario {
	list := []scenario{
		{name: "no common arch", active: []string{"one"}, passive: []string{"two"}, trouble: 3},
		{name: "nothing offered", trouble: 3},
		{name: "one rung, transcripts told apart", active: archs[:1], passive: archs[:1], exact: true},
	}
	// The active side's first choice is a rung, but not the first one: Order, and
	// the rung comes again.
	for n, trouble := range map[int]int{2: 1, 3: 0} {
		s := scenario{active: archs[:n], passive: append([]string{"two", "four", "one"}, archs[2:n]...), trouble: trouble, noSteps: true}
		s.name = fmt.Sprintf("%d rungs in another order", n)
		list = append(list, s)
	}
	for n := 1; n <= 3; n++ {
		same, trouble := archs[:n], [...]int{0, 2, 1, 0}[n]
		if *deep && n == 1 {
			trouble++
		}
		for refuse := range refusals(n) {
			if n == 3 && refusing(refuse) > 1 && !*deep {
				continue
			}
			s := scenario{active: same, passive: same, refuse: refuse, noSteps: n > 1}
			if refuse == [3]int{} || *deep {
				s.trouble = trouble
			}
			if *deep {
				s.noSteps = n == 3
			}
			s.name = fmt.Sprintf("%d rungs, refuse %v", n, refuse)
			list = append(list, s)
		}
		// The passive side does not know the active one's first choice: Order.
		s := scenario{active: append([]string{"four"}, same...), passive: same, trouble: min(1, trouble), noSteps: n > 1}
		s.name = fmt.Sprintf("%d rungs behind another first choice", n)
		list = append(list, s)
	}
	return list
}

// refusals yields every assignment of refusals to n rungs.
func refusals(n int) func(func([3]int) bool) {
	return func(yield func([3]int) bool) {
		for code := range pow(refusalKinds, n) {
			var r [3]int
			for i := range n {
				r[i] = code % refusalKinds
				code /= refusalKinds
			}
			if !yield(r) {
				return
			}
		}
	}
}

// refusing counts the rungs that Init refuses.
func refusing(refuse [3]int) (n int) {
	for _, kind := range refuse {
		if kind != accept {
			n++
		}
	}
	return n
}

func pow(b, n int) int {
	if n == 0 {
		return 1
	}
	return b * pow(b, n-1)
}

// world returns both machines after Start.
func (s scenario) world(t testing.TB) *world {
	a, p := config(wire.Active, s.active...), config(wire.Passive, s.passive...)
	a.Init = s.init(func(kind int, peer *wire.ConInfo) bool {
		return kind == activeEarly || kind == activeLate && peer != nil
	})
	p.Init = s.init(func(kind int, _ *wire.ConInfo) bool { return kind == passiveSide })
	return meetUp(t, a, p)
}

// meetUp starts both machines.
func meetUp(t testing.TB, a, p Config) *world {
	w := &world{ends: [2]end{{m: newMachine(t, a)}, {m: newMachine(t, p)}}}
	w.carry(0, w.ends[0].m.Start())
	w.carry(1, w.ends[1].m.Start())
	return w
}

func (s scenario) init(refuses func(kind int, peer *wire.ConInfo) bool) func(string, *wire.ConInfo) error {
	return func(arch string, peer *wire.ConInfo) error {
		if i := slices.Index(archs, arch); i >= 0 && refuses(s.refuse[i], peer) {
			return errInit
		}
		return nil
	}
}

// final checks a world in which nothing but a disturbance can happen any more.
func (x *explorer) final(w *world) {
	a, p := &w.ends[0], &w.ends[1]
	switch {
	case a.up && p.up:
		x.up++
		x.same(a.m, p.m)
	case a.told && p.told:
		x.down++
	case a.up && p.told && p.m.fault.Open, p.up && a.told && a.m.fault.Open:
		x.lost++
	default:
		x.fatalf("active %v, passive %v, stuck", a.m.state, p.m.state)
	}
	x.walked(a.m)
	x.walked(p.m)
}

// same checks that both sides came up on the same attempt after the same way.
func (x *explorer) same(a, p *Machine) {
	way := func(m *Machine) (s []string) {
		for _, t := range m.trials {
			s = append(s, t.Arch)
		}
		return append(s, m.try.rung.Arch)
	}
	if a.try.n != p.try.n || !slices.Equal(way(a), way(p)) {
		x.fatalf("active took %v, passive %v", way(a), way(p))
	}
}

// walked checks that a machine went down its ladder rung by rung.
func (x *explorer) walked(m *Machine) {
	var way []string
	for _, t := range m.trials {
		if t.Reason != wire.Order && slices.ContainsFunc(m.ladder, func(r Rung) bool { return r.Arch == t.Arch }) {
			way = append(way, t.Arch)
		}
	}
	for i, arch := range way {
		if m.ladder[i].Arch != arch {
			x.fatalf("ladder %v walked as %v", m.ladder, way)
		}
	}
	if m.state == Up && m.ladder[len(way)].Arch != m.try.rung.Arch {
		x.fatalf("up on %s behind %v", m.try.rung.Arch, way)
	}
	if f := m.fault; f != nil && f.Kind == Ours && f.Reason == wire.NoPath && len(way) != len(m.ladder) {
		x.fatalf("no path after %v of %v", way, m.ladder)
	}
}
