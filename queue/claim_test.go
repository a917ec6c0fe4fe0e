package queue_test

import (
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
)

// claim lets head claim up to n jobs behind it and returns the names of the
// whole batch.
func claim(head *job, n int) (names []string) {
	for j := range queue.Batch(head) {
		if len(names) > n {
			break
		}
		j.Claim()
		names = append(names, j.name)
	}
	return names
}

func (f *fixture) wantClaim(head *job, n int, names ...string) {
	f.Helper()
	if got := claim(head, n); !slices.Equal(got, names) {
		f.Fatalf("claimed %q, want %q", got, names)
	}
}

// Q1.
func TestClaimedJobsAreStartedAsOneAndFinishOneByOne(t *testing.T) {
	f := setUp(t)
	jobs := f.batch(f, "a", "b", "c", "d")
	jobs[0].then = func() { f.wantClaim(jobs[0], 2, "a", "b", "c") }
	f.wantNext("a begins")
	jobs[0].Done(1)
	f.wantNext("a=1")
	jobs[1].Done(2)
	f.wantNext("b=2")
	jobs[2].Done(3)
	f.wantNext("c=3", "d begins") // its trigger runs: it was not claimed
	jobs[3].Done(4)
	f.wantNext("d=4")
}

// Q1: the first that was not claimed starts when all claimed have ended.
func TestUnclaimedWaitsForAllClaimedWhateverTheOrderTheyEndIn(t *testing.T) {
	f := setUp(t)
	jobs := f.batch(f, "a", "b", "c")
	jobs[0].then = func() { f.wantClaim(jobs[0], 1, "a", "b") }
	f.wantNext("a begins")
	jobs[1].Done(2)
	f.wantNext("b=2")
	f.wantNext()
	jobs[0].Done(1)
	f.wantNext("a=1", "c begins")
	jobs[2].Done(3)
	f.wantNext("c=3")
}

// Q1, S14: what was added since the trigger ran is claimed at the flush.
func TestHeadAtWorkClaimsLateAndSeesItsBatchFromTheStart(t *testing.T) {
	f := setUp(t)
	a := f.batch(f, "a")[0]
	f.wantNext("a begins")
	f.wantClaim(a, 9, "a")
	f.batch(f, "b", "c")
	f.wantClaim(a, 1, "a", "b")
	f.wantClaim(a, 9, "a", "b", "c")
	f.wantNext()
	a.Done(1)
	f.wantClaim(a, 9, "b", "c") // what has finished is left out
	f.wantNext("a=1")
	f.wantClaim(a, 9) // what has left yields nothing
	for i, j := range f.all[1:] {
		j.Done(i)
	}
	f.wantNext("b=0", "c=1")
}

func TestBatchEndsAtAnotherKeyNoKeyAndAStoppedQueue(t *testing.T) {
	f := setUp(t)
	a := f.batch("x", "a")[0]
	f.batch("x", "b")
	f.batch("y", "c")
	f.batch("x", "d")
	f.wantNext("a begins")
	f.q.Stop()
	f.wantClaim(a, 9, "a")
	f.q.Start()
	f.wantClaim(a, 9, "a", "b")
	f.q.Stop()
	f.wantClaim(a, 9, "a", "b") // claimed is claimed
	f.finish()
	f.q.Start()
	f.log = nil

	jobs := f.add("e", "g") // without a key
	f.wantNext("e begins")
	f.wantClaim(jobs[0], 9, "e")
	f.wantClaim(jobs[1], 9) // not at work
	f.finish()
}

func TestBatchEndsBehindAJobThatIsNotClaimed(t *testing.T) {
	f := setUp(t)
	a := f.batch(f, "a", "b", "c")[0]
	f.wantNext("a begins")
	var names []string
	for j := range queue.Batch(a) {
		names = append(names, j.name)
	}
	if !slices.Equal(names, []string{"a", "b"}) {
		t.Error(names)
	}
	f.finish()
}

func TestBatchMayFinishAndRemoveTheJobItIsAt(t *testing.T) {
	f := setUp(t)
	a := f.batch(f, "a", "b", "c", "d")[0]
	f.wantNext("a begins")
	f.wantClaim(a, 2, "a", "b", "c")
	for j := range queue.Batch(a) {
		if j.name == "d" {
			break
		}
		j.Leave()
		j.Done(1)
	}
	f.wantLength(1)
	f.wantNext("a=1", "b=1", "d begins", "c=1")
	f.all[3].Done(2)
	f.wantNext("d=2")
}

func TestBatchPassesOverWhatEndedWhileItWaited(t *testing.T) {
	f := setUp(t)
	jobs := f.batch(f, "a", "b", "c", "d")
	f.wantNext("a begins")
	jobs[1].Req().Cancel()
	jobs[2].Done(0) // by its implementer
	f.wantClaim(jobs[0], 9, "a", "d")
	f.wantNext("b fails: context canceled", "c=0")
	f.wantLength(2)
	f.finish()
}

// From the claim on the claimer answers when the job is asked to end.
func TestClaimedJobIsNoLongerTheQueuesToCancel(t *testing.T) {
	f := setUp(t)
	jobs := f.batch(f, "a", "b")
	f.wantNext("a begins")
	f.wantClaim(jobs[0], 9, "a", "b")
	if jobs[1].Req().Cancel() {
		t.Error("cancelled without a cancel function")
	}
	jobs[1].SetCancel(jobs[1].Fail)
	if !jobs[1].Req().Cancel() {
		t.Error("not cancelled")
	}
	f.wantNext("b fails: context canceled")
	jobs[0].Done(1)
	f.wantNext("a=1")
}

func TestUntriggerPutsBackWhatWasClaimed(t *testing.T) {
	f := setUp(t)
	jobs := f.batch(f, "a", "b", "c")
	jobs[0].then = func() { claim(jobs[0], 1) }
	f.wantNext("a begins")
	f.q.Stop()
	jobs[0].Untrigger()
	jobs[0].then = func() { jobs[0].Done(1) }
	f.q.Start()
	f.wantNext("a begins", "a=1", "b begins")
	jobs[1].Done(2)
	f.wantNext("b=2", "c begins")
	jobs[2].Done(3)
	f.wantNext("c=3")
}

func TestClaimPanicsForWhatIsNotRightBehindTheBatch(t *testing.T) {
	f := setUp(t)
	jobs := f.batch(f, "a", "b", "c")
	f.wantPanic("Claim of the head", jobs[0].Claim)
	f.wantNext("a begins")
	f.wantPanic("Claim that leaves one out", jobs[2].Claim)
	f.q.Stop()
	f.wantPanic("Claim on a stopped queue", jobs[1].Claim)
	f.q.Start()
	jobs[1].Claim()
	jobs[1].Claim()
	jobs[2].SetBatch(t)
	f.wantPanic("Claim with another key", jobs[2].Claim)
	f.wantPanic("Claim of a job in no queue", f.silent("x").Claim)
	f.finish()
}
