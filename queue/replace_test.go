package queue_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
)

// S14: the unsent rest of a cancelled message goes first and stays counted.
func TestReplacementStandsWhereTheOldJobStood(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	f.wantNext("a begins")
	rest := f.job("rest")
	queue.Replace(jobs[0], rest, 5, (*job).begin)
	if jobs[0].Queued() || f.q.Length() != 2 || f.q.Bytes() != 6 {
		t.Fatal(f.q)
	}
	jobs[0].Done(1)
	f.wantNext("a=1")
	rest.Done(2)
	f.wantNext("rest=2", "b begins")
	jobs[1].Done(3)
	f.wantNext("b=3")
}

func TestReplacementOfAWaitingJobBeginsInItsPlace(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b", "c")
	f.wantNext("a begins")
	d, e := f.job("d"), f.job("e")
	queue.Replace(jobs[1], d, 1, (*job).begin)
	queue.Replace(jobs[2], e, 1, (*job).begin)
	jobs[0].Done(1)
	f.wantNext("a=1", "d begins")
	d.Done(2)
	f.wantNext("d=2", "e begins")
	f.finish()
}

func TestReplacedJobIsItsImplementersAlone(t *testing.T) {
	f := setUp(t)
	f.q.Stop()
	a, b := f.add("a")[0], f.job("b")
	queue.Replace(a, b, 1, (*job).begin)
	if a.Req().Cancel() {
		t.Error("the queue still answers for the old job")
	}
	if !b.Req().Cancel() {
		t.Error("the queue does not answer for the new job")
	}
	f.wantNext("b fails: context canceled")
	f.finish()
}

func TestSmallerReplacementDrains(t *testing.T) {
	f := setUp(t)
	f.q.SetLimits(queue.Limits{Bytes: 10})
	a, b := f.job("a"), f.job("b")
	queue.Add(f.q, a, 10, (*job).begin)
	r := f.q.Drained()
	queue.Replace(a, b, 5, (*job).begin)
	if _, err := r.Result(); err != nil {
		t.Error(err)
	}
	f.finish()
}

func TestReplacementIsPartOfTheBatch(t *testing.T) {
	f := setUp(t)
	jobs := f.batch(f, "a", "b", "c")
	f.wantNext("a begins")
	rest := f.job("rest")
	rest.SetBatch(f)
	for j := range queue.Batch(jobs[0]) {
		j.Claim()
		if j == jobs[1] {
			queue.Replace(j, rest, 1, (*job).begin)
		}
	}
	f.wantClaim(jobs[0], 9, "a", "rest", "c")
	f.finish()
}

func TestReplacementIsUntriggeredLikeTheOldJob(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	f.wantNext("a begins")
	rest := f.job("rest")
	queue.Replace(a, rest, 1, (*job).begin)
	f.q.Stop()
	rest.Untrigger()
	f.q.Start()
	f.wantNext("rest begins")
	f.finish()
}

func TestReplacePanicsForAJobInNoQueue(t *testing.T) {
	f := setUp(t)
	a, b := f.job("a"), f.job("b")
	f.wantPanic("Replace", func() { queue.Replace(a, b, 1, (*job).begin) })
	f.finish()
}
