package driver

import (
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// everyone is a Poller that reports all that was registered, in that order, once.
type everyone struct {
	once
	tokens []uint64
}

func (p *everyone) Add(_ int, token uint64, _ sys.Mode) sys.Errno {
	p.tokens = append(p.tokens, token)
	return 0
}

func (p *everyone) Wait(events []sys.Event, _ int64) (int, sys.Errno) {
	for i, token := range p.tokens {
		events[i] = sys.Event{Token: token, Ready: sys.In}
	}
	defer func() { p.tokens = nil }()
	return len(p.tokens), 0
}

// told counts what it is told.
type told int

func (n *told) Ready(sys.Ready) { *n++ }

// bursts are how many descriptors each Dispatch served; modes are how they are
// registered, one after the other.
func bursts(t *testing.T, modes []sys.Mode) (served []int) {
	t.Helper()
	l := New(&answers{}, &everyone{})
	var n told
	for fd, mode := range modes {
		if _, errno := l.Register(&n, fd, mode); errno != 0 {
			t.Fatal(errno)
		}
	}
	l.Wait(0)
	for l.Dispatch() {
		served = append(served, int(n))
		n = 0
	}
	return served
}

func TestDispatchServesSixteenSocketsOrUpToAnFDEvent(t *testing.T) {
	modes := make([]sys.Mode, 40)
	if got, want := bursts(t, modes), []int{16, 16, 8}; !slices.Equal(got, want) {
		t.Errorf("40 sockets were served in %v, want %v", got, want)
	}
	modes[0], modes[3], modes[20] = sys.Level, sys.Level, sys.Level
	if got, want := bursts(t, modes), []int{1, 3, 16, 1, 16, 3}; !slices.Equal(got, want) {
		t.Errorf("with FD events at 0, 3 and 20 in %v, want %v", got, want)
	}
}
