package precon_test

import (
	"context"
	"errors"
	"flag"
	"net"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/arch/self"
	"github.com/tsocket-go/tsocket/arch/tcp"
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// TestMain collects rarely: what is alive is little, what is dropped is much.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	flag.Parse()
	goleak.VerifyTestMain(m)
}

var seedFlag = flag.Uint64("seed", 0, "of the random tests; 0 takes a new one")

// newSeed is the seed of a random test. When the test fails it prints the seed
// and the command that replays it.
func newSeed(t testing.TB) uint64 {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed=%d; replay with: go test ./precon -run '^%s$' -seed=%d", seed, t.Name(), seed)
		}
	})
	return seed
}

// round is a part of a test whose cleanups run at its end.
type round struct {
	testing.TB
	cleanups []func()
}

func (r *round) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

// inRound runs f and its cleanups.
func inRound(t testing.TB, f func(t testing.TB)) {
	r := &round{TB: t}
	defer func() {
		for _, f := range slices.Backward(r.cleanups) {
			f()
		}
	}()
	f(r)
}

var plain = []precon.Arch{self.Arch{}, tcp.Arch{}}

func endpoint(ev *tevent.Context, name string, archs ...precon.Arch) *precon.Endpoint {
	if archs == nil {
		archs = plain
	}
	return precon.NewEndpoint(ev, precon.Config{Name: name, Archs: archs})
}

// outcome is how one side's negotiation ended.
type outcome struct {
	conn *precon.Conn
	err  error
	at   time.Duration // the world's time; 0 while it has not ended

	withdrawn bool // its request was cancelled
}

func (o *outcome) ended() bool { return o.conn != nil || o.err != nil }

// watch notes the outcome of r.
func (w *world) watch(r tevent.Req[*precon.Conn]) *outcome { return follow(r, w.now) }

// follow notes the outcome of r and when it came.
func follow(r tevent.Req[*precon.Conn], now func() time.Duration) *outcome {
	o := &outcome{}
	r.SetCallback(func(r tevent.Req[*precon.Conn]) {
		o.conn, o.err = r.Result()
		o.at = now()
	})
	return o
}

// timeless is for contexts whose time does not matter.
func timeless() time.Duration { return 0 }

// turn runs the loop until cond holds.
func turn(t testing.TB, ev *tevent.Context, cond func() bool) {
	t.Helper()
	for !cond() {
		if err := ev.LoopOnce(); err != nil {
			t.Fatal(err)
		}
	}
}

// idle runs the loop until nothing can happen any more.
func idle(t testing.TB, ev *tevent.Context) {
	t.Helper()
	if err := ev.LoopWait(); err != nil {
		t.Fatal(err)
	}
}

// meet negotiates between two endpoints over a pipe.
func (w *world) meet(ev *tevent.Context, a, p *precon.Endpoint, c tsocket.PipeConfig) (*outcome, *outcome) {
	x, y := tsocket.Pipe(ev, c)
	act, pas := w.watch(a.Negotiate(x, true)), w.watch(p.Negotiate(y, false))
	turn(w.t, ev, func() bool { return act.ended() && pas.ended() })
	return act, pas
}

// typed checks that err says what ended a negotiation.
func typed(t testing.TB, err error) *precon.Error {
	t.Helper()
	var e *precon.Error
	if !errors.As(err, &e) {
		t.Errorf("%T %v is no precon.Error", err, err)
		return nil
	}
	known := []error{precon.ErrNoCommonPath, precon.ErrVersion, precon.ErrPeerClosed, precon.ErrStranger, precon.ErrMirror,
		precon.ErrPolicy, precon.ErrProtocol, precon.ErrSameID, precon.ErrConfirm, tevent.ErrDeadline, context.Canceled}
	if !slices.ContainsFunc(known, func(s error) bool { return errors.Is(err, s) }) {
		t.Errorf("%v is none of the sentinels", err)
	}
	return e
}

// errClosed is what closed streams and listeners say.
var errClosed = net.ErrClosed

// want fails unless err is one of the targets.
func want(t testing.TB, err error, targets ...error) {
	t.Helper()
	if !slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) }) {
		t.Errorf("%v, want %v", err, targets)
	}
}

func wait[T any](t testing.TB, ev *tevent.Context, r tevent.Req[T]) T {
	t.Helper()
	v, err := tevent.Wait(ev, r)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func waitErr[T any](t testing.TB, ev *tevent.Context, r tevent.Req[T]) error {
	t.Helper()
	_, err := tevent.Wait(ev, r)
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

// talk sends a message in each direction.
func talk(t testing.TB, ev *tevent.Context, a, b *precon.Conn) {
	t.Helper()
	if err := tryTalk(t, ev, a, b); err != nil {
		t.Fatal(err)
	}
}

// tryTalk is talk over what may still fail; the error is the one that either side is
// told.
func tryTalk(t testing.TB, ev *tevent.Context, a, b *precon.Conn) error {
	t.Helper()
	for _, c := range [][2]*precon.Conn{{a, b}, {b, a}} {
		got := make([]byte, 5)
		r := c[1].Stream().Readv(got)
		if _, err := tevent.Wait(ev, c[0].Stream().Send([]byte("hello"))); err != nil {
			r.Drop()
			return err
		}
		if _, err := tevent.Wait(ev, r); err != nil {
			return err
		}
		if string(got) != "hello" {
			t.Errorf("%q arrived", got)
		}
	}
	return nil
}

// real returns a context of the system and reports what the process leaks.
func real(t testing.TB) *tevent.Context {
	teventtest.Process(t)
	return teventtest.New(t)
}

func address(t testing.TB, s string) tsocket.Address {
	t.Helper()
	a, err := tsocket.ParseAddress(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// listen opens a listener that is closed at the end.
func listen(t testing.TB, e *precon.Endpoint, addr string) *precon.Listener {
	t.Helper()
	l, err := e.Listen(address(t, addr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}
