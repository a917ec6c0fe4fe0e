package tsocket_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// counter is a kernel that counts the sends that moved something.
type counter struct {
	sys.Kernel
	sends int
}

func (k *counter) Sendmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	n, errno := k.Kernel.Sendmsg(fd, m)
	if n > 0 {
		k.sends++
	}
	return n, errno
}

// writing is a queue of the user's, and streams to write to, on a watched
// context.
type writing struct {
	*testing.T
	ev     *tevent.Context
	kernel *counter
	q      *queue.Queue
	log    []string
}

func startWriting(t *testing.T) *writing {
	ev := teventtest.New(t)
	k := &counter{Kernel: ev.Driver().Kernel}
	ev.Driver().Kernel = k
	return &writing{T: t, ev: ev, kernel: k, q: queue.New(ev, "test")}
}

// pair is a socketpair that is closed at the end.
func (w *writing) pair() (a, b *tsocket.Stream) {
	w.Helper()
	a, b, err := tsocket.Socketpair(w.ev)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

// post queues text for s; its outcome goes to the log.
func (w *writing) post(s *tsocket.Stream, text string) tevent.Req[int] {
	return w.postAs(s, text, []byte(text))
}

func (w *writing) postAs(s *tsocket.Stream, name string, b []byte) tevent.Req[int] {
	r := s.WritevQueue(w.q, b[:len(b)/2], b[len(b)/2:])
	r.SetCallback(func(r tevent.Req[int]) {
		n, err := r.Result()
		w.log = append(w.log, outcome(name, n, err))
	})
	return r
}

func outcome(name string, n int, err error) string {
	if err == nil {
		return fmt.Sprintf("%s=%d", name, n)
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return fmt.Sprintf("%s=%d, %v", name, n, err)
}

// turn runs one turn that does not sleep.
func (w *writing) turn() {
	w.Helper()
	defer w.ev.SetWaitTimeout(w.ev.SetWaitTimeout(0))
	if err := w.ev.LoopOnce(); err != nil {
		w.Fatal(err)
	}
}

// until runs turns until ok holds.
func (w *writing) until(what string, ok func() bool) {
	w.Helper()
	for range 100000 {
		if ok() {
			return
		}
		w.turn()
	}
	w.Fatalf("never: %s; %q, %s", what, w.log, w.q)
}

// wantNext runs a turn and compares what has ended in it.
func (w *writing) wantNext(ends ...string) {
	w.Helper()
	w.turn()
	w.want(ends...)
}

func (w *writing) want(ends ...string) {
	w.Helper()
	if !slices.Equal(w.log, ends) {
		w.Fatalf("ended: %q, want %q", w.log, ends)
	}
	w.log = nil
}

// wantSends compares the system calls since the last call.
func (w *writing) wantSends(n int) {
	w.Helper()
	if w.kernel.sends != n {
		w.Fatalf("%d sends, want %d", w.kernel.sends, n)
	}
	w.kernel.sends = 0
}

// wantBytes reads what s has to have next.
func (w *writing) wantBytes(s *tsocket.Stream, want []byte) {
	w.Helper()
	got := make([]byte, len(want))
	if _, err := tevent.Wait(w.ev, s.Readv(got).SetTimeout(20*time.Second)); err != nil {
		w.Fatal(err)
	}
	if !slices.Equal(got, want) {
		w.Fatalf("%d bytes arrived that differ", len(want))
	}
}

func (w *writing) wantText(s *tsocket.Stream, text string) {
	w.Helper()
	w.wantBytes(s, []byte(text))
}

func (w *writing) wantErr(err error, targets ...error) {
	w.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			w.Fatalf("the error is %v, want %v", err, target)
		}
	}
}

// wide is more than a socketpair holds; every byte depends on its place.
func wide() []byte {
	b := make([]byte, 1<<20)
	x := uint32(7)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}
