package progress_test

import (
	"fmt"
	"testing"

	"github.com/tsocket-go/tsocket/tsocket/internal/progress"
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
		if d, s, w := p.IsDesired(), p.IsStarted(), p.IsPending(); d != c.desired || s != c.started || w != c.pending {
			t.Errorf("%s: desired %v, started %v, pending %v", c.bits, d, s, w)
		}
	}
}

// A step goes from 00 to 10, 11 and 01, back to 00 before it is started or when
// what was started is given back; each moves one bit, or gives back both.
func TestAStepMovesOnlyAsItMay(t *testing.T) {
	moves := map[string]func(*progress.Bits){
		"want": (*progress.Bits).Want, "drop": (*progress.Bits).Drop, "start": (*progress.Bits).Start,
		"complete": (*progress.Bits).Complete, "free": (*progress.Bits).Free,
	}
	may := map[string]string{
		"00 want": "10", "10 drop": "00", "10 start": "11", "11 complete": "01", "11 free": "00", "01 free": "00",
	}
	for _, bits := range []string{"00", "10", "11", "01"} {
		for name, move := range moves {
			p := fromBits(t, bits)
			got := moved(&p, move)
			want := may[bits+" "+name]
			if want == "" {
				want = fmt.Sprintf("panic at %s", bits)
			}
			if got != want {
				t.Errorf("%s %s: %s, want %s", bits, name, got, want)
			}
		}
	}
}

// moved is what becomes of a step.
func moved(p *progress.Bits, move func(*progress.Bits)) (bits string) {
	defer func() {
		if recover() != nil {
			bits = "panic at " + p.String()
		}
	}()
	move(p)
	return p.String()
}

func fromBits(t *testing.T, bits string) progress.Bits {
	t.Helper()
	for p := range progress.Bits(4) {
		if p.String() == bits {
			return p
		}
	}
	t.Fatal(bits)
	return 0
}
