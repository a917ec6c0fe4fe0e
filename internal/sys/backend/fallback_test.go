//go:build linux

package backend

import (
	"errors"
	"slices"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/internal/sys/posix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a fallback over epoll that fails on request.
type world struct {
	*testing.T
	k    sys.Kernel
	in   *fault.Injector
	f    *fallback
	fell []error
}

func newWorld(t *testing.T) *world {
	k := linux.NewKernel()
	p, err := linux.NewPoller(k)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, k: k, in: fault.New(k, p)}
	w.f = over(w.in.Poller(), func() (sys.Poller, error) { return posix.NewPoller(k) },
		func(cause error) { w.fell = append(w.fell, cause) })
	t.Cleanup(w.f.Close)
	return w
}

func (w *world) want(got, want sys.Errno) {
	w.Helper()
	if got != want {
		w.Fatalf("errno %v, want %v", got, want)
	}
}

// pair is a registered end and its peer; the registration is token.
func (w *world) pair(token uint64, mode sys.Mode, dir sys.Ready) [2]int {
	w.Helper()
	s, e := w.k.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	w.want(e, 0)
	w.Cleanup(func() {
		w.k.Close(s[0])
		w.k.Close(s[1])
	})
	w.want(w.f.Add(s[0], token, mode), 0)
	if dir != 0 {
		w.want(w.f.Want(s[0], token, dir), 0)
	}
	return s
}

// events are the tokens of one Wait that has something, in order.
func (w *world) events() (tokens []uint64) {
	w.Helper()
	var events [16]sys.Event
	for len(tokens) == 0 {
		n, e := w.f.Wait(events[:], sys.Never)
		w.want(e, 0)
		for _, ev := range events[:n] {
			tokens = append(tokens, ev.Token)
		}
	}
	slices.Sort(tokens)
	return tokens
}

func (w *world) fallen(n int, cause error) {
	w.Helper()
	if len(w.fell) != n || n > 0 && w.fell[0] != cause {
		w.Fatalf("told %v, want %d times %v", w.fell, n, cause)
	}
	if _, poll := w.f.now.(*posix.Poller); poll != (n > 0) {
		w.Fatalf("the Poller in use is %T", w.f.now)
	}
}

// The three that are ready are reported by the Wait that fails, and the third
// is not, as nobody wants what it is ready for.
func TestWhatIsReadyWhenAWaitFailsIsReportedByIt(t *testing.T) {
	for _, cause := range []sys.Errno{unix.EBADF, unix.EINVAL, unix.ENOMEM, unix.EFAULT} {
		w := newWorld(t)
		w.pair(1, sys.Edge, sys.Out)
		w.pair(2, sys.Level, sys.Out)
		w.pair(3, sys.Edge, 0)
		s := w.pair(4, sys.Edge, 0)
		forgotten := w.pair(5, sys.Edge, sys.Out)
		w.want(w.f.Del(forgotten[0], 5), 0)
		_, e := w.k.Sendmsg(s[1], &sys.Msg{Bufs: [][]byte{{1}}})
		w.want(e, 0)
		w.in.Inject(fault.Plan{Call: fault.Wait, Persistent: true, Errno: cause})
		if got := w.events(); !slices.Equal(got, []uint64{1, 2, 4}) {
			t.Fatalf("%v: %v", cause, got)
		}
		w.fallen(1, cause)
		w.want(w.f.Want(s[0], 4, sys.In), 0)
		if got := w.events(); !slices.Equal(got, []uint64{2, 4}) {
			t.Fatalf("%v: then %v", cause, got)
		}
	}
}

func TestAnInterruptionIsNoFailure(t *testing.T) {
	w := newWorld(t)
	w.in.Inject(fault.Plan{Call: fault.Wait, Errno: unix.EINTR})
	_, e := w.f.Wait(make([]sys.Event, 1), 0)
	w.want(e, unix.EINTR)
	w.fallen(0, nil)
}

func TestARegistrationThatThePollerCannotTakeMovesAll(t *testing.T) {
	for _, c := range []struct {
		call fault.Call
		e    sys.Errno
	}{
		{fault.Add, unix.ENOMEM}, {fault.Add, unix.ENOSPC}, {fault.Add, unix.EINVAL}, {fault.Add, unix.EBADF},
		{fault.Want, unix.ENOMEM}, {fault.Want, unix.EBADF},
	} {
		w := newWorld(t)
		w.pair(1, sys.Level, sys.Out)
		w.in.Inject(fault.Plan{Call: c.call, Persistent: true, Errno: c.e})
		w.pair(2, sys.Edge, sys.Out)
		w.fallen(1, c.e)
		if got := w.events(); !slices.Equal(got, []uint64{1, 2}) {
			t.Fatalf("%v %v: %v", c.call, c.e, got)
		}
	}
}

func TestWhatIsTheRequestsFaultMovesNothing(t *testing.T) {
	w := newWorld(t)
	s := w.pair(1, sys.Edge, sys.Out)
	w.want(w.f.Add(s[0], 2, sys.Edge), unix.EEXIST)
	w.want(w.f.Add(-1, 2, sys.Edge), unix.EBADF)
	w.want(w.f.Add(1<<20, 2, sys.Edge), unix.EBADF)
	w.want(w.f.Want(s[0], 2, sys.Out), unix.ENOENT)
	w.want(w.f.Del(s[0], 2), unix.ENOENT)
	w.in.Inject(fault.Plan{Call: fault.Add, Errno: unix.ENOMEM})
	w.in.Inject(fault.Plan{Call: fault.Want, Errno: unix.ENOMEM})
	w.pair(2, sys.Edge, sys.Out) // the second attempt succeeds
	w.fallen(0, nil)
}

// A Wake may have reached the Poller before.
func TestTheFirstWaitAfterAMoveDoesNotSleep(t *testing.T) {
	w := newWorld(t)
	w.in.Inject(fault.Plan{Call: fault.Add, Persistent: true, Errno: unix.ENOSPC})
	w.pair(1, sys.Edge, 0)
	n, e := w.f.Wait(make([]sys.Event, 1), sys.Never)
	w.want(e, 0)
	if n != 0 {
		t.Fatal(n)
	}
	w.f.Wake()
	_, e = w.f.Wait(make([]sys.Event, 1), sys.Never)
	w.want(e, 0)
}

func TestWithoutAnotherTheFailureIsTheAnswer(t *testing.T) {
	w := newWorld(t)
	w.f.next = func() (sys.Poller, error) { return nil, unix.EMFILE }
	w.in.Inject(fault.Plan{Call: fault.Wait, Persistent: true, Errno: unix.ENOMEM})
	for range 2 {
		_, e := w.f.Wait(make([]sys.Event, 1), 0)
		w.want(e, unix.ENOMEM)
	}
	w.fallen(0, nil)
}

func TestTheSecondIsMadeWhenThereIsNoFirst(t *testing.T) {
	poll := func() (sys.Poller, error) { return posix.NewPoller(linux.NewKernel()) }
	none := func() (sys.Poller, error) { return nil, unix.ENOSYS }
	var fell []error
	tell := func(cause error) { fell = append(fell, cause) }
	p, err := firstOf(none, poll, tell)
	if err != nil || len(fell) != 1 || fell[0] != unix.ENOSYS {
		t.Fatal(err, fell)
	}
	p.Close()
	empty := func() (sys.Poller, error) { return nil, unix.EMFILE }
	if _, err := firstOf(none, empty, tell); err != unix.ENOSYS || len(fell) != 1 {
		t.Fatal(err, fell)
	}
}

func TestAnUnknownNameIsRefusedWithTheNamesThereAre(t *testing.T) {
	_, err := Open("kqueue")
	if !errors.Is(err, errors.ErrUnsupported) || err.Error() != `no backend "kqueue" here, there is epoll, poll: unsupported operation` {
		t.Fatal(err)
	}
}
