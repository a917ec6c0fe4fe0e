package machine

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// randomInfo offers a few of eight archs with anything a CON_INFO may say.
func randomInfo(r *rand.Rand, role wire.Role) wire.ConInfo {
	c := wire.ConInfo{Role: role, Services: wire.Services(r.IntN(8)), Flags: wire.Flags(r.IntN(4))}
	for _, i := range r.Perm(8)[:r.IntN(9)] {
		c.Offers = append(c.Offers, wire.Offer{
			Arch: string(rune('a' + i)), Preference: uint8(1 + r.IntN(4)),
			Services: wire.Services(r.IntN(8)), Strength: wire.Strength(r.IntN(3)),
		})
	}
	return c
}

func TestLadderIsTheSameForBothSidesAndAnyOrderOfOffers(t *testing.T) {
	seed := uint64(20)
	t.Logf("seed=%d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	longest := 0
	for range 20000 {
		a, b := randomInfo(r, wire.Active), randomInfo(r, wire.Passive)
		want := Ladder(&a, &b)
		longest = max(longest, len(want))
		if got := Ladder(&b, &a); !slices.Equal(got, want) {
			t.Fatalf("%v and, the other way, %v", want, got)
		}
		shuffled := a
		shuffled.Offers = slices.Clone(a.Offers)
		r.Shuffle(len(a.Offers), func(i, j int) {
			shuffled.Offers[i], shuffled.Offers[j] = shuffled.Offers[j], shuffled.Offers[i]
		})
		if got := Ladder(&shuffled, &b); !slices.Equal(got, want) {
			t.Fatalf("%v, shuffled %v", want, got)
		}
		allowed(t, want, &a, &b)
	}
	if longest < 3 {
		t.Errorf("longest ladder has %d rungs", longest)
	}
}

// allowed checks every rung against both CON_INFOs, and the order of neighbours.
func allowed(t *testing.T, ladder []Rung, a, b *wire.ConInfo) {
	for i, r := range ladder {
		x, ok := a.Offer(r.Arch)
		y, ok2 := b.Offer(r.Arch)
		floor := max(a.Flags.Floor(), b.Flags.Floor())
		if !ok || !ok2 || x.Strength < floor || y.Strength < floor || x.Services&y.Services&a.Services&b.Services == 0 {
			t.Fatalf("%v is no rung of %+v and %+v", r, a, b)
		}
		if i > 0 && better(ladder[i-1], r) >= 0 {
			t.Fatalf("%v stands before %v", ladder[i-1], r)
		}
	}
}

func TestLadderOrdersBySumWorseStrengthName(t *testing.T) {
	offer := func(arch string, p uint8, s wire.Strength) wire.Offer {
		return wire.Offer{Arch: arch, Preference: p, Services: wire.Stream, Strength: s}
	}
	a, b := info(wire.Active), info(wire.Passive)
	a.Offers = []wire.Offer{offer("sum9", 8, 0), offer("worse", 1, 0), offer("z", 3, 0), offer("strong", 3, 2), offer("y", 3, 0), offer("mine", 1, 0)}
	b.Offers = []wire.Offer{offer("sum9", 1, 2), offer("worse", 5, 2), offer("z", 3, 0), offer("strong", 3, 1), offer("y", 3, 2), offer("theirs", 1, 0)}
	var got []string
	for _, r := range Ladder(&a, &b) {
		got = append(got, r.Arch)
	}
	if want := []string{"strong", "y", "z", "worse", "sum9"}; !slices.Equal(got, want) {
		t.Errorf("ladder %v, want %v", got, want)
	}
	b.Flags = wire.FloorAuthenticated
	if l := Ladder(&a, &b); len(l) != 1 || l[0].Arch != "strong" {
		t.Errorf("above the floor: %v", l)
	}
}
