package tsocket_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// queued is a stream with a queue of the user's and a peer that reads, untracked.
type queued struct {
	ev   *tevent.Context
	q    *queue.Queue
	a, b *tsocket.Stream
	msg  [64]byte
	buf  [16 * 64]byte
}

func newQueued(tb testing.TB) *queued {
	ev := teventtest.Open(tb)
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { a.Close(); b.Close(); ev.Close() })
	return &queued{ev: ev, q: queue.New(ev, "bench"), a: a, b: b}
}

func take(r tevent.Req[int]) { r.Result() }

// cycle queues 16 messages and reads them.
func (w *queued) cycle() {
	for range 16 {
		w.a.WritevQueue(w.q, w.msg[:32], w.msg[32:]).SetCallback(take)
	}
	tevent.Wait(w.ev, w.b.Readv(w.buf[:]))
}

func TestQueuedWritesAllocNothingInSteadyState(t *testing.T) {
	w := newQueued(t)
	if n := testing.AllocsPerRun(200, w.cycle); n != 0 {
		t.Errorf("%v allocations for 16 messages", n)
	}
}

// BenchmarkWritevQueue is one message of 64 bytes in two pieces: queued,
// claimed, sent 16 at a time, completed, and read by the peer.
func BenchmarkWritevQueue(b *testing.B) {
	w := newQueued(b)
	b.ReportAllocs()
	for left := b.N; left > 0; left -= 16 {
		w.cycle()
	}
}
