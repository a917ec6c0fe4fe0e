//go:build linux

package tevent_test

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/posix"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

func TestFDThatOwnsItsDescriptorGivesItBackOnce(t *testing.T) {
	ends := map[string]func(ev *tevent.Context, e *tevent.FD){
		"closed":                     func(_ *tevent.Context, e *tevent.FD) { _ = e.Close() },
		"closed twice":               func(_ *tevent.Context, e *tevent.FD) { _ = e.Close(); _ = e.Close() },
		"context closed":             func(ev *tevent.Context, _ *tevent.FD) { _ = ev.Close() },
		"context closed, then it":    func(ev *tevent.Context, e *tevent.FD) { _ = ev.Close(); _ = e.Close() },
		"it, then the context":       func(ev *tevent.Context, e *tevent.FD) { _ = e.Close(); _ = ev.Close() },
		"its context from a handler": func(ev *tevent.Context, _ *tevent.FD) { timerAt(ev, 0, func() { _ = ev.Close() }); _ = ev.LoopOnce() },
		"in its handler": func(ev *tevent.Context, e *tevent.FD) {
			timerAt(ev, 0, func() { _ = e.Close() })
			_ = ev.LoopOnce()
		},
	}
	for name, end := range ends { // in any order
		t.Run(name, func(t *testing.T) {
			_, ev := newWorld(t)
			e := watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) {})
			var given []int
			e.SetClose(func(fd int) error { given = append(given, fd); return nil })
			end(ev, e)
			if len(given) != 1 || given[0] != 3 {
				t.Fatal(given)
			}
		})
	}
}

func TestFDsThatOwnAreClosedInOrderOfTheirDescriptors(t *testing.T) {
	_, ev := newWorld(t)
	var s steps
	for _, fd := range []int{9, 3, 7, 5} {
		e := watchFD(t, ev, fd, 0, nil)
		e.SetClose(func(int) error { s.add(string(rune('0' + fd))); return nil })
	}
	closeNow(t, ev)
	s.want(t, "3", "5", "7", "9")
}

// An owner's function may end other events, and make what the context then ends.
func TestOwnersMayCloseEachOtherWhileTheContextCloses(t *testing.T) {
	h, ev := newSignals(t)
	a, b := watchFD(t, ev, 3, 0, nil), watchFD(t, ev, 5, 0, nil)
	var s steps
	a.SetClose(func(int) error {
		s.add("3")
		onSignal(t, ev, &s, "late", nil)
		return b.Close()
	})
	b.SetClose(func(int) error { s.add("5"); return nil })
	closeNow(t, ev)
	s.want(t, "3", "5")
	if h.stops != 1 {
		t.Error("the late handler stays", h.stops)
	}
}

func TestAutoCloseClosesTheDescriptor(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	fd, err := unix.Dup(p.a)
	if err != nil {
		t.Fatal(err)
	}
	e := watchFD(t, ev, fd, tevent.FDRead, func(tevent.Flags) {})
	e.SetAutoClose()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != unix.EBADF {
		t.Fatal("still open:", err)
	}
	gone := watchFD(t, ev, p.a, 0, nil)
	gone.SetClose(func(int) error { return errTest })
	if err := gone.Close(); err != errTest {
		t.Fatal(err)
	}
}

// Without an owner the descriptor stays, and what was forgotten is a leak.
func TestFDThatOwnsNothingStaysInTheBooks(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	e := watchFD(t, ev, p.a, tevent.FDRead, nil)
	closeNow(t, ev)
	n := 0
	for it := range ev.Items() {
		if n++; it.Kind != tevent.KindFD {
			t.Error(it)
		}
	}
	if n != 1 {
		t.Fatal(n)
	}
	if err := e.SetFlags(tevent.FDWrite); !errors.Is(err, tevent.ErrClosed) {
		t.Error(err)
	}
	if _, err := tevent.NewFD(ev, p.a, 0, nil); !errors.Is(err, tevent.ErrClosed) {
		t.Error(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.FcntlInt(uintptr(p.a), unix.F_GETFD, 0); err != nil {
		t.Fatal("closed:", err)
	}
}

// closeUnderneath closes the descriptor before its event, which is a mistake.
func closeUnderneath(t *testing.T, fd int) {
	t.Helper()
	if err := unix.Close(fd); err != nil {
		t.Fatal(err)
	}
}

func TestDescriptorClosedUnderneathDisarmsAllItsEvents(t *testing.T) {
	ev, p := newContext(t), newPair(t)
	fd, err := unix.Dup(p.a)
	if err != nil {
		t.Fatal(err)
	}
	_ = unix.Close(p.a) // or epoll would go on watching the open file
	p.a = fd
	a := watchFD(t, ev, fd, tevent.FDRead, func(tevent.Flags) { t.Error("called") })
	b := watchFD(t, ev, fd, tevent.FDRead, func(tevent.Flags) { t.Error("called") })
	closeUnderneath(t, fd)
	if err := a.SetFlags(tevent.FDRead | tevent.FDWrite); !errors.Is(err, syscall.EBADF) {
		t.Fatal(err)
	}
	if a.Flags() != 0 || b.Flags() != 0 {
		t.Fatal("still armed", a.Flags(), b.Flags())
	}
	ev.SetWaitTimeout(-1)
	if err := ev.LoopWait(); err != nil { // does not wait for them
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// A Poller that can tell so says that the descriptor is none any more.
func TestInvalidDescriptorIsDisarmedAndReportedOnce(t *testing.T) {
	r := &warnings{TB: t}
	w := &world{t: t, clock: clock{now: new(int64)}, tokens: map[int]uint64{}}
	ev := tevent.NewOn(w.clock, w, idleHost{})
	teventtest.Watch(r, ev)
	e := watchFD(t, ev, 3, tevent.FDRead|tevent.FDWrite, func(tevent.Flags) { t.Error("called") })
	w.happen(3, sys.Invalid|sys.Error)
	w.happen(3, sys.Invalid)
	if err := ev.LoopWait(); err != nil || e.Flags() != 0 {
		t.Fatal(err, e.Flags())
	}
	if len(r.said) != 1 || !strings.Contains(r.said[0], "fd=3") {
		t.Fatal(r.said)
	}
}

func TestPollTellsOfADescriptorClosedUnderneath(t *testing.T) {
	k := posix.NewKernel()
	p, err := posix.NewPoller(k)
	if err != nil {
		t.Fatal(err)
	}
	r := &warnings{TB: t}
	ev := tevent.NewOn(k, p, posix.NewHost(0))
	teventtest.Watch(r, ev)
	pair := newPair(t)
	fd, err := unix.Dup(pair.a)
	if err != nil {
		t.Fatal(err)
	}
	e := watchFD(t, ev, fd, tevent.FDRead, func(tevent.Flags) { t.Error("called") })
	closeUnderneath(t, fd)
	if err := ev.LoopWait(); err != nil || e.Flags() != 0 || len(r.said) != 1 {
		t.Fatal(err, e.Flags(), r.said)
	}
}

// warnings is a test that a warning does not fail.
type warnings struct {
	testing.TB
	said []string
}

func (w *warnings) Error(args ...any) { w.said = append(w.said, args[0].(string)) }

// fussy is a Poller that refuses to watch.
type fussy struct {
	*world
	errno sys.Errno
}

func (p *fussy) Want(int, uint64, sys.Ready) sys.Errno { return p.errno }

func TestRefusedFlagsStayAsTheyWere(t *testing.T) {
	p := &fussy{world: &world{t: t, clock: clock{now: new(int64)}, tokens: map[int]uint64{}}}
	ev := tevent.NewOn(p.clock, p, idleHost{})
	teventtest.Watch(t, ev)
	e := watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) {})
	p.errno = syscall.ENOSPC
	if err := e.SetFlags(0); !errors.Is(err, syscall.ENOSPC) || e.Flags() != tevent.FDRead {
		t.Fatal(err, e.Flags())
	}
	p.errno = 0
	if err := e.SetFlags(0); err != nil || e.Flags() != 0 {
		t.Fatal(err, e.Flags())
	}
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil || !errors.Is(e.SetFlags(0), os.ErrClosed) {
		t.Fatal(err)
	}
}

// Any handler may free, stop and arm what it likes, itself included.
func TestEverythingMayBeArmedAgainInAnyHandler(t *testing.T) {
	w, ev := newWorld(t)
	var s steps
	var a, b *tevent.FD
	tm := tevent.NewTimer(ev, s.adder("timer"))
	im := tevent.NewImmediate(ev, s.adder("immediate"))
	again := func(name string, fd int, flags tevent.Flags) *tevent.FD {
		return watchFD(t, ev, fd, flags, func(tevent.Flags) { s.add(name) })
	}
	a = watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) {
		s.add("a")
		_ = a.Close()
		_ = b.Close() // its event has been fetched already
		a = again("a again", 3, tevent.FDRead)
		tm.Reset(0)
		im.Schedule()
	})
	b = again("b", 4, tevent.FDRead)
	w.happen(3, sys.In)
	w.happen(4, sys.In)
	turn(t, ev)
	s.want(t, "a", "immediate")
	w.happen(3, sys.In)
	turn(t, ev)
	s.want(t, "a", "immediate", "timer", "a again")
}
