package queue_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// perTurn is how many entries the benchmarks run through a queue at once.
const perTurn = 1000

// quick is a job that its trigger finishes.
type quick struct {
	tevent.Op[int]
	queue.Entry
}

func (j *quick) begin() { j.Done(1) }

func received(r tevent.Req[int]) { r.Result() }

// BenchmarkQueue is one entry: added, triggered, done, its result taken; 1000
// of them a turn, the system calls of the turns included.
func BenchmarkQueue(b *testing.B) {
	ev := teventtest.Open(b)
	defer ev.Close()
	q := queue.New(ev, "bench")
	jobs := make([]quick, perTurn)
	b.ReportAllocs()
	b.ResetTimer()
	for left := b.N; left > 0; left -= perTurn {
		for i := range jobs[:min(left, perTurn)] {
			j := &jobs[i]
			j.Start(ev, "quick")
			queue.Add(q, j, 64, (*quick).begin)
			j.Req().SetCallback(received)
		}
		for q.Length() > 0 {
			ev.LoopOnce()
		}
	}
}
