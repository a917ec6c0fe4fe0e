package tsocket_test

import (
	"fmt"
	"testing"

	"github.com/tsocket-go/tsocket/tsocket"
)

// X != 00 is desired, X & 01 at least started, X & 10 not completed.
func TestTwoBitsTellHowFarAStepHasCome(t *testing.T) {
	for _, c := range []struct {
		bits                      string
		desired, started, pending bool
	}{
		{"00", false, false, false},
		{"10", true, false, true},
		{"11", true, true, true},
		{"01", true, true, false},
	} {
		p := fromBits(t, c.bits)
		if d, s, w := tsocket.Predicates(p); d != c.desired || s != c.started || w != c.pending {
			t.Errorf("%s: desired %v, started %v, pending %v", c.bits, d, s, w)
		}
	}
}

// A step goes from 00 to 10, 11 and 01, back to 00 before it is started or when
// what was started is given back; each moves one bit, or gives back both.
func TestAStepMovesOnlyAsItMay(t *testing.T) {
	may := map[string]string{
		"00 want": "10", "10 drop": "00", "10 start": "11", "11 complete": "01", "11 free": "00", "01 free": "00",
	}
	for _, bits := range []string{"00", "10", "11", "01"} {
		for _, move := range []string{"want", "drop", "start", "complete", "free"} {
			p := fromBits(t, bits)
			got := moved(&p, move)
			want := may[bits+" "+move]
			if want == "" {
				want = fmt.Sprintf("panic at %s", bits)
			}
			if got != want {
				t.Errorf("%s %s: %s, want %s", bits, move, got, want)
			}
		}
	}
}

// moved is what becomes of a step.
func moved(p *tsocket.Progress, move string) (bits string) {
	defer func() {
		if recover() != nil {
			bits = "panic at " + p.String()
		}
	}()
	tsocket.Moves[move](p)
	return p.String()
}

func fromBits(t *testing.T, bits string) tsocket.Progress {
	t.Helper()
	for p := range tsocket.Progress(4) {
		if p.String() == bits {
			return p
		}
	}
	t.Fatal(bits)
	return 0
}
