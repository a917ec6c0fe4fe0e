package queue_test

import (
	"errors"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// Q5.
func TestDefaultLimits(t *testing.T) {
	f := setUp(t)
	if got, want := f.q.Limits(), (queue.Limits{Entries: 1024, Bytes: 1 << 20}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	f.q.SetLimits(queue.Limits{Entries: 1 << 30, Bytes: 7})
	if got, want := f.q.Limits(), (queue.Limits{Entries: 1<<24 - 1, Bytes: 7}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Q5.
func TestFullQueueFailsTheRequestAndRoomTellsBeforehand(t *testing.T) {
	for _, c := range []struct {
		name   string
		limits queue.Limits
		sizes  []int
		size   int
		room   bool
	}{
		{"one entry left", queue.Limits{Entries: 3}, []int{0, 0}, 0, true},
		{"no entry left", queue.Limits{Entries: 2}, []int{0, 0}, 0, false},
		{"just enough bytes", queue.Limits{Bytes: 10}, []int{3, 4}, 3, true},
		{"a byte too many", queue.Limits{Bytes: 10}, []int{3, 4}, 4, false},
		{"larger than the limit", queue.Limits{Bytes: 10}, nil, 11, false},
		{"default bytes", queue.Limits{}, nil, 1 << 20, true},
		{"over default bytes", queue.Limits{}, nil, 1<<20 + 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := setUp(t)
			f.q.Stop()
			f.q.SetLimits(c.limits)
			for _, size := range c.sizes {
				queue.Add(f.q, f.job("before"), size, (*job).begin)
			}
			if f.q.Room(c.size) != c.room {
				t.Errorf("room: %v", !c.room)
			}
			queue.Add(f.q, f.job("last"), c.size, (*job).begin)
			if c.room {
				f.wantNext()
			} else {
				f.wantNext("last fails: queue: full")
			}
			f.finish()
		})
	}
}

func TestWaitOnAFullQueueFails(t *testing.T) {
	f := setUp(t)
	f.q.SetLimits(queue.Limits{Entries: 1})
	f.add("a")
	r := f.q.Wait()
	if _, err := r.Result(); !errors.Is(err, queue.ErrFull) {
		t.Error(err)
	}
	f.finish()
}

func TestLoweredLimitsEvictNobody(t *testing.T) {
	f := setUp(t)
	f.q.Stop()
	f.add("a", "b", "c")
	f.q.SetLimits(queue.Limits{Entries: 1, Bytes: 1})
	f.wantNext()
	f.wantLength(3)
	if f.q.Room(0) {
		t.Error("room")
	}
	f.finish()
}

// Q5.
func TestDrainedCompletesAtTheLowWaterMark(t *testing.T) {
	for _, limits := range []queue.Limits{{Entries: 4}, {Bytes: 4}} {
		f := setUp(t)
		f.q.SetLimits(limits)
		jobs := f.add("a", "b", "c", "d")
		r := f.q.Drained()
		f.turn()
		jobs[0].Done(1)
		f.turn()
		if !r.InProgress() {
			t.Errorf("%+v: drained at %s", limits, f.q)
		}
		jobs[1].Done(2)
		f.turn()
		if r.InProgress() {
			t.Errorf("%+v: not drained at %s", limits, f.q)
		}
		if _, err := r.Result(); err != nil {
			t.Error(err)
		}
		f.finish()
	}
}

// Q5.
func TestDrainedCompletesInTheNextTurnIfItIsLowAlready(t *testing.T) {
	f := setUp(t)
	drained := func() {
		f.q.Drained().SetCallback(func(tevent.Req[tevent.None]) { f.note("drained") })
	}
	drained()
	f.want()
	f.wantNext("drained")
	f.add("a")[0].then = drained
	f.wantNext("a begins")
	f.wantNext("drained")
	f.finish()
}

func TestRaisedLimitsDrain(t *testing.T) {
	f := setUp(t)
	f.q.SetLimits(queue.Limits{Entries: 2})
	f.add("a", "b")
	r := f.q.Drained()
	f.q.SetLimits(queue.Limits{Entries: 4})
	if _, err := r.Result(); err != nil {
		t.Error(err)
	}
	f.finish()
}

func TestDrainedCanBeCancelled(t *testing.T) {
	f := setUp(t)
	f.q.SetLimits(queue.Limits{Entries: 1})
	f.add("a")
	first, second := f.q.Drained(), f.q.Drained()
	if !first.Cancel() {
		t.Error("not cancelled")
	}
	if _, err := first.Result(); err == nil {
		t.Error("drained")
	}
	f.finish()
	if _, err := second.Result(); err != nil {
		t.Error(err)
	}
}
