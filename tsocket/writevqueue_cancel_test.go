package tsocket_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func errorsAs(err error, target any) bool { return errors.As(err, target) }

// Q3.
func TestCancelledQueuedWriteThatWaitsLeavesTheOrder(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	w.q.Stop()
	w.post(a, "one")
	two := w.post(a, "two")
	last := w.post(a, "three")
	if !two.Cancel() || !last.Cancel() || w.q.Length() != 1 {
		t.Fatal(w.q)
	}
	w.q.Start()
	w.post(a, "four")
	w.wantNext("two=0, context canceled", "three=0, context canceled", "one=3", "four=4")
	w.wantText(b, "onefour")
}

func TestCancelledQueuedWriteAtWorkButNotBegunIsNotSent(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	one := w.post(a, "one")
	w.post(a, "two")
	if !one.Cancel() {
		t.Fatal("not cancelled")
	}
	w.until("both ended", func() bool { return len(w.log) == 2 })
	w.want("one=0, context canceled", "two=3")
	w.wantText(b, "two")
}

// S14: whatever ends a begun message, the peer gets all of it, and what stands
// behind it comes after it.
func TestBegunQueuedWriteIsNeverTorn(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(r tevent.Req[int])
		err  error // nil: nobody is told
	}{
		{"cancelled", func(r tevent.Req[int]) { r.Cancel() }, context.Canceled},
		{"timed out", func(r tevent.Req[int]) { r.SetTimeout(0) }, tevent.ErrDeadline},
		{"dropped", func(r tevent.Req[int]) { r.Drop() }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := startWriting(t)
			w.q.SetLimits(queue.Limits{Bytes: 4 << 20})
			a, b := w.pair()
			big := wide()
			sent := append([]byte(nil), big...)
			r := w.postAs(a, "big", sent)
			r.SetCallback(func(r tevent.Req[int]) {
				n, err := r.Result()
				w.log = append(w.log, outcome("big", 0, err))
				if n == 0 || n >= len(big) || w.q.Length() != 2 || w.q.Bytes() != len(big)-n+len("next") {
					t.Errorf("%d bytes were sent, %s", n, w.q)
				}
			})
			w.turn()
			w.post(a, "next")
			c.end(r)
			if c.err != nil {
				w.until("it has ended", func() bool { return len(w.log) == 1 })
				w.want(outcome("big", 0, c.err))
			}
			clear(sent) // the bytes are the caller's again
			w.wantBytes(b, append(big, "next"...))
			w.until("the next has ended", func() bool { return len(w.log) == 1 && w.q.Length() == 0 })
		})
	}
}

// Q4, S14: what was begun is still sent whole, but its caller need not wait.
func TestClosedQueueTearsNoWrite(t *testing.T) {
	w := startWriting(t)
	a, b := w.pair()
	big := wide()
	r := a.WritevQueue(w.q, big)
	w.turn()
	w.q.SetLimits(queue.Limits{Bytes: 4 << 20})
	w.post(a, "next")
	w.q.Close()
	n, err := r.Result()
	w.wantErr(err, queue.ErrClosed)
	if n == 0 || n == len(big) {
		t.Error(n)
	}
	w.wantNext("next=0, queue: closed")
	send := a.Send([]byte("sent"))
	w.wantBytes(b, append(big, "sent"...))
	if n, err := send.Result(); n != 4 || err != nil || w.q.Length() != 0 {
		t.Error(n, err, w.q)
	}
}

// R12.
func TestContextCloseEndsQueuedWrites(t *testing.T) {
	w := startWriting(t)
	w.q.SetLimits(queue.Limits{Bytes: 4 << 20})
	a, _ := w.pair()
	big := a.WritevQueue(w.q, wide())
	w.turn()
	next := a.WritevQueue(w.q, []byte("next"))
	if err := w.ev.Close(); err != nil {
		t.Fatal(err)
	}
	n, err := big.Result()
	w.wantErr(err, tevent.ErrClosed)
	if n == 0 {
		t.Error("the count is lost")
	}
	_, err = next.Result()
	w.wantErr(err, tevent.ErrClosed)
}

func TestCloseEndsTheRestOfACancelledQueuedWrite(t *testing.T) {
	w := startWriting(t)
	a, _ := w.pair()
	r := w.postAs(a, "big", wide())
	w.turn()
	r.Cancel()
	if w.q.Length() != 1 {
		t.Fatal(w.q)
	}
	a.Close()
	if w.q.Length() != 0 {
		t.Fatal(w.q)
	}
}

// The same in memory, in seeded pieces.
func TestBegunQueuedWriteIsNeverTornOverPipe(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		w := startWriting(t)
		a, b := tsocket.Pipe(w.ev, tsocket.PipeConfig{Buffer: 100, Seed: seed})
		text := wide()[:300]
		r := w.postAs(a, "begun", text)
		w.post(a, "next")
		w.turn()
		began := r.InProgress()
		r.Cancel()
		w.wantBytes(b, append(text, "next"...))
		w.until("both have ended", func() bool { return len(w.log) == 2 && w.q.Length() == 0 })
		if !began {
			t.Errorf("seed %d: 300 bytes were sent into 100", seed)
		}
		a.Close()
		b.Close()
	}
}
