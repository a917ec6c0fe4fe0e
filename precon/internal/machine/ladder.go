package machine

import (
	"cmp"
	"slices"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// Rung is one arch of a ladder.
type Rung struct {
	Arch     string
	Services wire.Services // what both announce for it and want
	Strength wire.Strength // the weaker of the two announced
	Sum      int           // of both preferences
	Worse    uint8         // the larger of both preferences
}

// Ladder returns the archs to try, best first. It is a pure function of two
// CON_INFOs, the same for both orders of arguments and of offers: what both
// offer for a service in common, not under either floor. A lower sum of
// preferences is better, then a lower larger one, then greater strength, then
// the name, bytewise.
func Ladder(a, b *wire.ConInfo) []Rung {
	floor := max(a.Flags.Floor(), b.Flags.Floor())
	want := a.Services & b.Services
	var rungs []Rung
	for _, mine := range a.Offers {
		theirs, ok := b.Offer(mine.Arch)
		r := meet(mine, theirs, want)
		if ok && r.Services != 0 && r.Strength >= floor {
			rungs = append(rungs, r)
		}
	}
	slices.SortFunc(rungs, better)
	return rungs
}

func meet(a, b wire.Offer, want wire.Services) Rung {
	return Rung{
		Arch:     a.Arch,
		Services: a.Services & b.Services & want,
		Strength: min(a.Strength, b.Strength),
		Sum:      int(a.Preference) + int(b.Preference),
		Worse:    max(a.Preference, b.Preference),
	}
}

func better(a, b Rung) int {
	return cmp.Or(
		cmp.Compare(a.Sum, b.Sum),
		cmp.Compare(a.Worse, b.Worse),
		cmp.Compare(b.Strength, a.Strength),
		cmp.Compare(a.Arch, b.Arch),
	)
}

// guess returns the ladder that info would have with a peer just like it: the
// order in which the active side looks for its first REQ.
func guess(info *wire.ConInfo) []Rung { return Ladder(info, info) }
