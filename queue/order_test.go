package queue_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// Q1, statement 36.
func TestJobsStartInTheOrderOfAdding(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b", "c")
	f.wantNext("a begins")
	jobs[0].Done(1)
	f.wantNext("a=1", "b begins")
	jobs[1].Done(2)
	f.wantNext("b=2", "c begins")
	jobs[2].Done(3)
	f.wantNext("c=3")
	f.wantLength(0)
}

// Q1, statement 36.
func TestNextStartsWhenTheOneBeforeIsFreeNotWhenItIsDone(t *testing.T) {
	f := setUp(t)
	a := f.silent("a")
	queue.Add(f.q, a, 1, (*job).begin)
	b := f.add("b")[0]
	f.wantNext("a begins")
	r := a.Req()
	a.Done(1)
	for range 3 {
		f.wantNext()
	}
	if v, err := r.Result(); v != 1 || err != nil {
		t.Fatal(v, err)
	}
	f.want() // not inside Result either
	f.wantNext("b begins")
	b.Done(2)
	f.wantNext("b=2")
}

// Q1: an abandoned request has ended, its Op is not free.
func TestNextWaitsForAnImplementerWhoStillWorks(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	f.wantNext("a begins")
	jobs[0].Req().SetTimeout(0)
	for len(f.log) == 0 {
		f.turn()
	}
	f.want("a fails: deadline exceeded")
	f.wantNext()
	f.wantLength(2)
	jobs[0].Done(1)
	f.wantNext("b begins")
	jobs[1].Done(2)
	f.wantNext("b=2")
}

// Q1, statement 38.
func TestDroppedHeadAtWorkLetsTheNextStartWhenItIsFree(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	f.wantNext("a begins")
	jobs[0].Req().Drop()
	f.wantNext()
	jobs[0].Done(1)
	f.want()
	f.wantNext("b begins")
	jobs[1].Done(2)
	f.wantNext("b=2")
}

// Q1.
func TestTriggerNeverRunsInsideACall(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	f.want()
	f.wantNext("a begins")
	b := f.add("b")[0]
	a.Leave()
	f.want()
	f.wantNext("b begins")
	f.q.Stop()
	c := f.add("c")[0]
	b.Leave()
	f.q.Start()
	f.want()
	f.wantNext("c begins")
	a.Done(1)
	b.Done(2)
	c.Done(3)
	f.wantNext("a=1", "b=2", "c=3")
}

// R1: the ready list is first in, first out.
func TestScheduledTriggerKeepsItsPlace(t *testing.T) {
	f := setUp(t)
	f.add("a")
	tevent.NewImmediate(f.ev, func() { f.note("later") }).Schedule()
	f.q.Start()
	f.wantNext("a begins", "later")
	f.finish()
}

func TestLeaveLetsTheNextStartBeforeTheResultIsTaken(t *testing.T) {
	f := setUp(t)
	a := f.silent("a")
	queue.Add(f.q, a, 1, (*job).begin)
	b := f.add("b")[0]
	f.wantNext("a begins")
	a.Leave()
	a.Leave()
	a.Done(1)
	f.wantNext("b begins")
	f.wantLength(1)
	a.Req().Drop()
	b.Done(2)
	f.wantNext("b=2")
}

// A trigger may end its own job and those behind it; the original crashed.
func TestTriggerMayRemoveItselfAndItsSuccessors(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b", "c")
	jobs[0].then = func() {
		jobs[0].Req().Drop()
		jobs[0].Done(1)
		jobs[1].Req().Drop()
	}
	f.wantNext("a begins", "c begins")
	jobs[2].Done(3)
	f.wantNext("c=3")
	f.wantLength(0)
}

// R14: the state is there before the trigger runs.
func TestPanicOfATriggerLeavesTheQueueIntact(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	jobs[0].then = func() { panic("a breaks") }
	f.wantPanic("the turn", f.turn)
	f.want("a begins")
	f.wantNext()
	f.wantLength(2)
	jobs[0].Done(1)
	f.wantNext("a=1", "b begins")
	jobs[1].Done(2)
	f.wantNext("b=2")
}

func TestJobIsAddedAgainWhenItIsFree(t *testing.T) {
	f := setUp(t)
	j := f.job("a")
	freed := 0
	queue.OnFree(j, func() { freed++ })
	for life := 1; life <= 3; life++ {
		if life > 1 {
			j.Start(f.ev, "a")
			j.Req().SetCallback(j.noteEnd)
		}
		queue.Add(f.q, j, 1, (*job).begin)
		f.wantNext("a begins")
		j.Done(life)
		f.wantNext("a=" + string(rune('0'+life)))
		if freed != life || j.Queued() || j.State() != tevent.StateFree {
			t.Fatalf("told %d times in life %d, queued: %v, %s", freed, life, j.Queued(), j)
		}
	}
}

func TestAddPanicsForWhatCannotBeMeant(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	f.wantPanic("a second Add", func() { queue.Add(f.q, a, 1, (*job).begin) })
	f.wantPanic("an Add of a job that was not started", func() { queue.Add(f.q, &job{}, 1, (*job).begin) })
	b := f.job("b")
	f.wantPanic("an Add of -1 bytes", func() { queue.Add(f.q, b, -1, (*job).begin) })
	f.wantNext("a begins")
	a.Done(1)
	b.Done(2)
	f.wantNext("a=1", "b=2")
}
