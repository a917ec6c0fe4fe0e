package queue_test

import "testing"

// Q2, statement 39.
func TestStopLetsWhatHasStartedFinishAndStartResumes(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	f.wantNext("a begins")
	f.q.Stop()
	if f.q.Running() {
		t.Error("runs")
	}
	jobs[0].Done(1)
	f.wantNext("a=1")
	f.wantNext()
	f.q.Start()
	f.q.Start()
	f.wantNext("b begins")
	jobs[1].Done(2)
	f.wantNext("b=2")
}

// Statement 39: the trigger that is scheduled already does not run.
func TestStopHoldsBackAScheduledTrigger(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	f.q.Stop()
	f.wantNext()
	f.q.Start()
	f.wantNext("a begins")
	f.q.Stop()
	f.q.Start()
	f.wantNext() // it has begun once
	a.Done(1)
	f.wantNext("a=1")
}

func TestStoppedQueueTakesJobs(t *testing.T) {
	f := setUp(t)
	f.q.Stop()
	jobs := f.add("a", "b")
	f.wantNext()
	f.wantLength(2)
	f.q.Start()
	f.wantNext("a begins")
	jobs[0].Done(1)
	f.wantNext("a=1", "b begins")
	jobs[1].Done(2)
	f.wantNext("b=2")
}

// Q2, statement 41.
func TestUntriggeredHeadBeginsAgainAfterStart(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	jobs[0].then = func() {
		f.q.Stop()
		jobs[0].Untrigger()
	}
	f.wantNext("a begins")
	f.wantNext()
	jobs[0].then = func() { jobs[0].Done(1) }
	f.q.Start()
	f.wantNext("a begins", "a=1", "b begins")
	jobs[1].Done(2)
	f.wantNext("b=2")
}

func TestUntriggeredHeadCanBeCancelled(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	f.wantNext("a begins")
	if a.Req().Cancel() {
		t.Error("cancelled at work without a cancel function")
	}
	f.q.Stop()
	a.Untrigger()
	if !a.Req().Cancel() {
		t.Error("not cancelled while it waits")
	}
	f.wantNext("a fails: context canceled")
	f.wantLength(0)
}

// Statement 41.
func TestUntriggerPanicsUnlessItIsTheHeadAtWorkOfAStoppedQueue(t *testing.T) {
	f := setUp(t)
	jobs := f.add("a", "b")
	f.wantNext("a begins")
	f.wantPanic("Untrigger on a running queue", jobs[0].Untrigger)
	f.q.Stop()
	f.wantPanic("Untrigger of the second", jobs[1].Untrigger)
	jobs[0].Untrigger()
	f.wantPanic("Untrigger of a job that waits", jobs[0].Untrigger)
	f.q.Start()
	f.wantNext("a begins")
	f.q.Stop()
	jobs[0].Done(1)
	f.wantPanic("Untrigger of a finished job", jobs[0].Untrigger)
	f.wantNext("a=1")
	f.wantPanic("Untrigger of a job in no queue", jobs[0].Untrigger)
	f.q.Start()
	f.wantNext("b begins")
	jobs[1].Done(2)
	f.wantNext("b=2")
}

// Q2, statement 40.
func TestJobWithoutATriggerBlocksUntilItIsFree(t *testing.T) {
	f := setUp(t)
	x := f.blocker("x")
	a := f.add("a")[0]
	f.wantNext()
	x.Done(1)
	f.wantNext("x=1", "a begins")
	a.Done(2)
	f.wantNext("a=2")
}

func TestBlockerThatIsDoneBeforeItsTurnHoldsUpNobodyOnceItIsTaken(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	x := f.blocker("x")
	b := f.add("b")[0]
	f.wantNext("a begins")
	x.Done(1)
	f.wantNext("x=1")
	a.Done(2)
	f.wantNext("a=2", "b begins")
	b.Done(3)
	f.wantNext("b=3")
}

// A blocker works on its own: its cancel function is not the queue's.
func TestBlockerIsCancelledByItsImplementer(t *testing.T) {
	f := setUp(t)
	x := f.job("x")
	x.SetCancel(x.Fail)
	f.q.Stop()
	addBlocker(f, x)
	if !x.Req().Cancel() {
		t.Error("not cancelled")
	}
	f.wantNext("x fails: context canceled")
	y := f.blocker("y")
	if y.Req().Cancel() {
		t.Error("cancelled without a cancel function")
	}
	y.Done(1)
	f.wantNext("y=1")
	f.wantLength(0)
}
