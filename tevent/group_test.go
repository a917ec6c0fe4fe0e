package tevent_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// newGroup is a group whose contexts are watched.
func newGroup(t *testing.T, n int) *tevent.Group {
	return tevent.NewGroupOn(n, func(int) (*tevent.Context, error) { return teventtest.New(t), nil })
}

func run(t *testing.T, g *tevent.Group) {
	t.Helper()
	if err := g.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestGroupSetsUpItsLoopsInOrderAndEndsWhenNothingIsLeft(t *testing.T) {
	g := newGroup(t, 3)
	var s steps
	var fired atomic.Int32
	g.Each(func(i int, ev *tevent.Context) error {
		s.add(fmt.Sprint("first ", i))
		timerAt(ev, time.Duration(i)*time.Millisecond, func() { fired.Add(1) })
		if g.Context(i) != ev {
			t.Error("another context")
		}
		return nil
	})
	g.Each(func(i int, _ *tevent.Context) error { s.add(fmt.Sprint("second ", i)); return nil })
	run(t, g)
	s.want(t, "first 0", "second 0", "first 1", "second 1", "first 2", "second 2")
	if fired.Load() != 3 || g.Size() != 3 {
		t.Fatal(fired.Load(), g.Size())
	}
}

func TestGroupOfNoNumberHasALoopForEachProcessor(t *testing.T) {
	if n := tevent.NewGroup(0).Size(); n != runtime.GOMAXPROCS(0) {
		t.Fatal(n)
	}
}

// A token goes round and round: at any time all loops but one are idle.
func TestGroupDoesNotEndWhileWorkIsHandedOver(t *testing.T) {
	const loops, rounds = 3, 5000
	g := newGroup(t, loops)
	n := 0 // owned by who has the token
	var pass func(i int)
	pass = func(i int) {
		if n++; n < rounds {
			next := (i + 1) % loops
			if !g.Context(next).Post(func() { pass(next) }) {
				t.Error("ended with the token on its way, at", n)
			}
		}
	}
	g.Each(func(i int, ev *tevent.Context) error {
		if i == 0 {
			ev.Post(func() { pass(0) })
		}
		return nil
	})
	run(t, g)
	if n != rounds {
		t.Fatal(n)
	}
}

// endure waits for longer than any test, and counts when it is closed.
func endure(ev *tevent.Context, ended *atomic.Int32) {
	tevent.Sleep(ev, time.Hour).SetCallback(func(r tevent.Req[tevent.None]) {
		if _, err := r.Result(); errors.Is(err, tevent.ErrClosed) {
			ended.Add(1)
		}
	})
}

func TestGroupEndsAllLoopsForTheFirstFailure(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	for _, c := range []struct {
		name   string
		fail   func(i int, ev *tevent.Context) error
		want   error
		closed int32 // loops that had begun to wait
	}{
		{"a set-up fails", func(i int, _ *tevent.Context) error {
			if i == 1 {
				return errTest
			}
			return nil
		}, errTest, 2},
		{"its context is done", func(i int, ev *tevent.Context) error {
			if i == 2 {
				timerAt(ev, 0, func() { cancel(io.ErrNoProgress) })
			}
			return nil
		}, io.ErrNoProgress, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ended atomic.Int32
			g := newGroup(t, 3)
			g.Each(func(_ int, ev *tevent.Context) error { endure(ev, &ended); return nil })
			g.Each(c.fail)
			if err := g.Run(ctx); err != c.want {
				t.Fatal(err)
			}
			if ended.Load() != c.closed {
				t.Fatal(ended.Load(), "were asked to close")
			}
		})
	}
}

func TestGroupFailsWithTheSystemOfOneLoop(t *testing.T) {
	var ended atomic.Int32
	g := tevent.NewGroupOn(2, func(i int) (*tevent.Context, error) {
		if i == 1 {
			w := &world{t: t, clock: clock{now: new(int64)}}
			return tevent.NewOn(w.clock, brokenPoller{w}, idleHost{}), nil
		}
		return teventtest.New(t), nil
	})
	g.Each(func(_ int, ev *tevent.Context) error { endure(ev, &ended); return nil })
	if err := g.Run(t.Context()); err == nil || err.Error() != "bad file descriptor" || ended.Load() != 2 {
		t.Fatal(err, ended.Load())
	}
}

type brokenPoller struct{ *world }

func (brokenPoller) Wait(_ []sys.Event, _ int64) (int, sys.Errno) { return 0, 9 }

func TestGroupWithoutItsContextsClosesThoseItHas(t *testing.T) {
	var made []*tevent.Context
	g := tevent.NewGroupOn(3, func(i int) (*tevent.Context, error) {
		if i == 2 {
			return nil, errTest
		}
		made = append(made, teventtest.New(t))
		return made[i], nil
	})
	g.Each(func(int, *tevent.Context) error { t.Error("set up"); return nil })
	if err := g.Run(t.Context()); err != errTest {
		t.Fatal(err)
	}
	for _, ev := range made {
		if ev.Post(func() {}) {
			t.Error("left open")
		}
	}
}

// A loop that its own code closes has nothing left to do, and is no failure.
func TestGroupWhoseLoopsCloseThemselvesEnds(t *testing.T) {
	g := newGroup(t, 2)
	g.Each(func(i int, ev *tevent.Context) error {
		tevent.Sleep(ev, time.Hour).Ignore()
		timerAt(ev, time.Duration(i)*time.Millisecond, func() { _ = ev.Close() })
		return nil
	})
	run(t, g)
	run(t, g) // and may run again
}

// One loop left by Goexit, as by t.FailNow in a callback, does not hang the rest.
func TestGroupLoopLeftByGoexitEndsTheOthers(t *testing.T) {
	var ended atomic.Int32
	g := newGroup(t, 2)
	g.Each(func(i int, ev *tevent.Context) error {
		endure(ev, &ended)
		if i == 1 {
			timerAt(ev, 0, runtime.Goexit)
		}
		return nil
	})
	if err := g.Run(t.Context()); err == nil || ended.Load() != 2 {
		t.Fatal(err, ended.Load())
	}
}
