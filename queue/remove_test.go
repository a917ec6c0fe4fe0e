package queue_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
)

// Q3, statement 38.
func TestRemovingAWaitingJobLeavesTheOrder(t *testing.T) {
	for _, c := range []struct {
		name   string
		remove func(j *job)
		ends   []string
	}{
		{"cancel", func(j *job) { j.Req().Cancel() }, []string{"b fails: context canceled"}},
		{"drop", func(j *job) { j.Req().Drop() }, nil},
		{"leave", func(j *job) { j.Leave() }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := setUp(t)
			jobs := f.add("a", "b", "c")
			f.wantNext("a begins")
			c.remove(jobs[1])
			f.wantLength(2)
			f.wantNext(c.ends...)
			jobs[0].Done(1)
			f.wantNext("a=1", "c begins")
			f.finish()
		})
	}
}

// Q3.
func TestDeadlineOfAWaitingJobLeavesTheOrder(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b", "c")
	f.wantNext("a begins")
	jobs[1].Req().SetTimeout(0)
	for len(f.log) == 0 {
		f.turn()
	}
	f.want("b fails: deadline exceeded")
	f.wantLength(2)
	jobs[0].Done(1)
	f.wantNext("a=1", "c begins")
	f.finish()
}

func TestRemovingTheWaitingHeadStartsTheNext(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	jobs[0].Req().Cancel()
	f.want()
	f.turn()
	f.want("b begins", "a fails: context canceled")
	jobs[1].Done(1)
	f.wantNext("b=1")
}

// A job that its implementer ends while it waits is passed over, and holds
// nobody up although nobody takes the result.
func TestJobThatEndedWhileItWaitedIsPassedOver(t *testing.T) {
	f := setUp(t)
	a := f.silent("a")
	queue.Add(f.q, a, 1, (*job).begin)
	b := f.add("b")[0]
	a.Done(1)
	f.wantNext("b begins")
	if v, err := a.Req().Result(); v != 1 || err != nil {
		t.Error(v, err)
	}
	b.Done(2)
	f.wantNext("b=2")
}

// Q3.
func TestFailedHeadDoesNotPoisonLaterJobs(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	f.wantNext("a begins")
	jobs[0].Fail(errTest)
	f.wantNext("a fails: broken", "b begins")
	jobs[1].Done(1)
	f.wantNext("b=1")
}

// Q3: the socket failed.
func TestFailGivesItsErrorToAllThatWait(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b", "c")
	x := f.blocker("x")
	r := f.q.Wait()
	f.wantNext("a begins")
	if f.q.Fail(nil) {
		t.Error("failed with nil")
	}
	f.wantLength(5)
	if !f.q.Fail(errTest) {
		t.Error("did not fail")
	}
	f.wantLength(2) // a is at work, x works on its own
	f.wantNext("b fails: broken", "c fails: broken")
	if _, err := r.Result(); err != errTest {
		t.Error(err)
	}
	d := f.add("d")[0]
	jobs[0].Done(1)
	x.Done(2)
	f.wantNext("a=1", "x=2", "d begins")
	d.Done(3)
	f.wantNext("d=3")
}

// A cleanup may add and remove while the queue fails what it had.
func TestFailSparesWhatIsAddedMeanwhile(t *testing.T) {
	f := setUp(t)
	f.q.Stop()
	jobs := f.add("a", "b", "c")
	jobs[0].Own(closer(func() {
		f.add("d")
		jobs[1].Req().Drop()
	}))
	f.q.Fail(errTest)
	f.wantNext("a fails: broken", "c fails: broken")
	f.wantLength(1)
	f.q.Start()
	f.wantNext("d begins")
	f.finish()
}

type closer func()

func (f closer) Close() error { f(); return nil }
