//go:build linux

package linux

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// A Wake that finds the loop asleep may be slow: its deadline passes when
// something else has ended that sleep already.
func TestLateWakeLeavesNothingBehind(t *testing.T) {
	k, p := newPoller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	if err := p.file.SetReadDeadline(past); err != nil {
		t.Fatal(err)
	}
	whenAsleep(t, p, func() { send(t, NewKernel(), s[1], "x") })
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
}
