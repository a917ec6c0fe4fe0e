package queue_test

import (
	"errors"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// Q4, statement 42.
func TestCloseCompletesEveryRequestWithErrClosed(t *testing.T) {
	f := setUp(t)
	f.q.SetLimits(queue.Limits{Entries: 4})
	jobs := f.add("a", "b", "c")
	r, d := f.q.Wait(), f.q.Drained()
	f.wantNext("a begins")
	f.q.Close()
	f.q.Close()
	f.wantLength(1)
	f.wantNext("b fails: queue: closed", "c fails: queue: closed", "a fails: queue: closed")
	if _, err := r.Result(); !errors.Is(err, queue.ErrClosed) {
		t.Error(err)
	}
	if _, err := d.Result(); !errors.Is(err, queue.ErrClosed) {
		t.Error(err)
	}
	jobs[0].Done(1) // it was at work; nobody hears of it any more
	f.wantNext()
	f.wantLength(0)
}

func TestClosedQueueRefusesAndNeverStartsAgain(t *testing.T) {
	f := setUp(t)
	x := f.blocker("x")
	f.q.Close()
	if f.q.Running() {
		t.Error(f.q)
	}
	f.q.Start()
	if f.q.Running() || f.q.Room(0) {
		t.Error(f.q)
	}
	f.add("a")
	queue.AddOptimizeEmpty(f.q, f.job("b"), 0, (*job).begin)
	r, d := f.q.Wait(), f.q.Drained()
	f.wantNext("x fails: queue: closed", "a fails: queue: closed", "b fails: queue: closed")
	if _, err := r.Result(); !errors.Is(err, queue.ErrClosed) {
		t.Error(err)
	}
	if _, err := d.Result(); !errors.Is(err, queue.ErrClosed) {
		t.Error(err)
	}
	x.Done(1)
	f.wantNext()
	f.wantLength(0)
}

func TestRequestOwnsItsQueue(t *testing.T) {
	f := setUp(t)
	server := f.job("server")
	server.Own(f.q)
	x := f.blocker("x")
	f.add("a")
	f.turn()
	server.Done(1)
	f.wantNext("a fails: queue: closed", "x fails: queue: closed", "server=1")
	x.Done(0)
	f.finish()
}

// What is at work and can be cancelled ends by itself.
func TestCloseAsksWhatIsAtWork(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	f.wantNext("a begins")
	a.SetCancel(func(cause error) bool { return a.Fail(errTest) })
	f.q.Close()
	f.wantNext("a fails: broken")
	f.wantLength(0)
}

// R12: closing the context ends what waits.
func TestClosingTheContextEmptiesTheQueue(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	r := f.q.Wait()
	f.wantNext("a begins")
	jobs[0].SetCancel(jobs[0].Fail)
	f.ev.Close()
	f.want("a fails: tevent: context closed", "b fails: tevent: context closed")
	if _, err := r.Result(); !errors.Is(err, tevent.ErrClosed) {
		t.Error(err)
	}
	f.wantLength(0)
}
