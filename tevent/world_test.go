package tevent_test

import (
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// world is a system whose clock and events the test moves. Sleeping until a
// deadline moves the clock there.
type world struct {
	t      testing.TB
	clock  clock
	tokens map[int]uint64 // by descriptor
	events []sys.Event    // of the next Wait
	sleeps []int64        // deadlines of the Waits that could have slept
	asleep func()         // runs in the next Wait that sleeps
	wakes  int
}

type clock struct {
	sys.Kernel
	now *int64
}

func (c clock) Now() int64     { return *c.now }
func (clock) Start() time.Time { return time.Unix(1000, 0) }
func (clock) Random(b []byte)  { clear(b) }

var (
	_ sys.Poller = (*world)(nil)
	_ sys.Host   = idleHost{}
)

// idleHost is one on which nothing may run.
type idleHost struct{ sys.Host }

func (idleHost) Identity() string { return "idle" }

func newWorld(t testing.TB) (*world, *tevent.Context) {
	t.Helper()
	w := &world{t: t, clock: clock{now: new(int64)}, tokens: map[int]uint64{}}
	*w.clock.now = int64(time.Hour)
	ev := tevent.NewOn(w.clock, w, idleHost{})
	teventtest.Watch(t, ev)
	return w, ev
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { *w.clock.now += int64(d) }

// happen puts an event of fd into the next Wait.
func (w *world) happen(fd int, r sys.Ready) {
	w.events = append(w.events, sys.Event{Token: w.tokens[fd], Ready: r})
}

func (w *world) Add(fd int, token uint64, _ sys.Mode) sys.Errno {
	w.tokens[fd] = token
	return 0
}

func (w *world) Want(int, uint64, sys.Ready) sys.Errno { return 0 }
func (w *world) Keeps() bool                           { return false }

func (w *world) Del(fd int, _ uint64) sys.Errno {
	delete(w.tokens, fd)
	return 0
}

func (w *world) Wait(events []sys.Event, deadline int64) (int, sys.Errno) {
	n := copy(events, w.events)
	w.events = w.events[n:]
	if deadline <= *w.clock.now {
		return n, 0
	}
	w.sleeps = append(w.sleeps, deadline)
	if f := w.asleep; f != nil {
		w.asleep = nil
		f()
		return n, 0
	}
	if n > 0 || w.wakes > 0 {
		w.wakes = 0
		return n, 0
	}
	if deadline == sys.Never {
		w.t.Fatal("the loop sleeps for ever")
	}
	*w.clock.now = deadline
	return 0, 0
}

func (w *world) Wake()  { w.wakes++ }
func (w *world) Close() {}
