package readv_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// way is two connected streams on a watched context: what a sends, b reads.
type way struct {
	testing.TB
	ev   *tevent.Context
	a, b *tsocket.Stream
}

// overAll runs a test over a socketpair, over seeded pipes, which split at
// random, and in a simulated world.
func overAll(t *testing.T, test func(w *way)) {
	t.Helper()
	t.Run("socketpair", func(t *testing.T) { test(socketpair(t)) })
	for seed := uint64(0); seed <= 8; seed++ {
		t.Run(fmt.Sprintf("pipe, seed %d", seed), func(t *testing.T) {
			ev := teventtest.New(t)
			a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Seed: seed})
			test(closing(t, ev, a, b))
		})
	}
	t.Run("simulated socketpair", func(t *testing.T) {
		simtest.Run(t, func(t testing.TB, ev *tevent.Context) { test(socketpairOn(t, ev)) })
	})
}

func socketpair(t *testing.T) *way { return socketpairOn(t, teventtest.New(t)) }

func socketpairOn(t testing.TB, ev *tevent.Context) *way {
	t.Helper()
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, ev, a, b)
}

func closing(t testing.TB, ev *tevent.Context, a, b *tsocket.Stream) *way {
	t.Cleanup(func() { a.Close(); b.Close() })
	return &way{t, ev, a, b}
}

// wait runs the loop until r has ended.
func wait[T any](w *way, r tevent.Req[T]) (T, error) {
	w.Helper()
	return tevent.Wait(w.ev, r.SetTimeout(20*time.Second))
}

// get is wait for what has to succeed.
func get[T any](w *way, r tevent.Req[T]) T {
	w.Helper()
	v, err := wait(w, r)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

// fails is wait for what has to fail with each of targets.
func fails[T any](w *way, r tevent.Req[T], targets ...error) T {
	w.Helper()
	v, err := wait(w, r)
	w.wantErr(err, targets...)
	return v
}

func (w *way) wantErr(err error, targets ...error) {
	w.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			w.Fatalf("the error is %v, want %v", err, target)
		}
	}
}

// send sends b and waits until it is under way.
func (w *way) send(b string) {
	w.Helper()
	get(w, w.a.Send([]byte(b)))
}

// turns runs the loop n times without sleeping.
func (w *way) turns(n int) {
	w.Helper()
	defer w.ev.SetWaitTimeout(w.ev.SetWaitTimeout(0))
	for range n {
		if err := w.ev.LoopOnce(); err != nil {
			w.Fatal(err)
		}
	}
}

// until runs turns until ok holds.
func (w *way) until(what string, ok func() bool) {
	w.Helper()
	for range 100000 {
		if ok() {
			return
		}
		w.turns(1)
	}
	w.Fatalf("never: %s", what)
}

// arrived waits until n bytes can be read.
func (w *way) arrived(n int) {
	w.Helper()
	w.until("the bytes arrive", func() bool {
		have, err := w.b.Pending()
		return err == nil && have >= n
	})
}

// wantNext reads what has to come next.
func (w *way) wantNext(text string) {
	w.Helper()
	got := make([]byte, len(text))
	get(w, w.b.Readv(got))
	if string(got) != text {
		w.Fatalf("next comes %q, want %q", got, text)
	}
}

func (w *way) wantPDU(got []byte, want string) {
	w.Helper()
	if string(got) != want {
		w.Fatalf("the PDU is %q, want %q", got, want)
	}
}

// layout is a next function that asks for buffers of these sizes, one at a time.
type layout struct {
	sizes []int
	bufs  [][]byte
	calls int
	err   error // behind the last
}

func (l *layout) next() ([][]byte, error) {
	l.calls++
	if len(l.bufs) == len(l.sizes) {
		return nil, l.err
	}
	b := make([]byte, l.sizes[len(l.bufs)])
	l.bufs = append(l.bufs, b)
	return [][]byte{b}, nil
}

func (l *layout) text() string { return string(slices.Concat(l.bufs...)) }
