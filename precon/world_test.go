package precon_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// world is a system without descriptors in which sleeping moves the clock, and
// everything random comes from a seed. Two runs of the same test are the same.
type world struct {
	t     testing.TB
	clock clock
	woken bool
}

type clock struct {
	sys.Kernel
	now    *int64
	chance *rand.Rand
}

func (c clock) Now() int64     { return *c.now }
func (clock) Start() time.Time { return time.Unix(1000, 0) }

func (c clock) Random(b []byte) {
	for i := range b {
		b[i] = byte(c.chance.Uint32())
	}
}

var _ sys.Poller = (*world)(nil)

// quiet is a host on which nothing runs.
type quiet struct{ sys.Host }

func (quiet) Identity() string { return "quiet" }

// newWorld returns a context in a world of its own.
func newWorld(t testing.TB, seed uint64) (*world, *tevent.Context) {
	w, ev := bareWorld(t, seed)
	teventtest.Watch(t, ev)
	return w, ev
}

func bareWorld(t testing.TB, seed uint64) (*world, *tevent.Context) {
	w := &world{t: t, clock: clock{now: new(int64), chance: rand.New(rand.NewPCG(seed, 1))}}
	*w.clock.now = int64(time.Hour)
	return w, tevent.NewOn(w.clock, w, quiet{})
}

func (w *world) Add(int, uint64, sys.Mode) sys.Errno   { panic("a descriptor") }
func (w *world) Keeps() bool                           { return false }
func (w *world) Want(int, uint64, sys.Ready) sys.Errno { panic("a descriptor") }
func (w *world) Del(int, uint64) sys.Errno             { panic("a descriptor") }

// Wait sleeps until the deadline, which comes at once.
func (w *world) Wait(_ []sys.Event, deadline int64) (int, sys.Errno) {
	switch {
	case deadline <= *w.clock.now || w.woken:
	case deadline == sys.Never:
		w.t.Fatal("the loop sleeps for ever")
	default:
		*w.clock.now = deadline
	}
	w.woken = false
	return 0, 0
}

func (w *world) Wake()  { w.woken = true }
func (w *world) Close() {}

// now is the world's time since its beginning.
func (w *world) now() time.Duration { return time.Duration(*w.clock.now) - time.Hour }
