package queue_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
)

// What the original promises of queues, statement by statement, on every system;
// 1 to 35 are about the loop and requests, in package tevent. "As tevent" is the
// same here, "ours" is different on purpose.

// on runs body with a fixture of each system.
func on(t *testing.T, body func(f *fixture)) {
	bt.Each(t, func(b *bt.Backend) {
		f := &fixture{TB: b, ev: b.Ev, q: queue.New(b.Ev, "test")}
		defer b.Ev.SetWaitTimeout(b.Ev.SetWaitTimeout(0))
		body(f)
		f.finish()
	})
}

// As tevent.
func TestS36SecondTriggerRunsWhenTheFirstRequestIsFreeNotWhenItIsDone(t *testing.T) {
	on(t, func(f *fixture) {
		a := f.silent("a")
		queue.Add(f.q, a, 1, (*job).begin)
		f.add("b")
		f.turn()
		f.want("a begins")
		a.Done(1)
		f.turn()
		f.turn()
		f.want()
		a.Req().Drop()
		f.turn()
		f.want("b begins")
	})
}

// As tevent.
func TestS37DirectTriggerOnlyIfEmptyRunningAndNobodyHasAttended(t *testing.T) {
	on(t, func(f *fixture) {
		direct := f.silent("direct")
		queue.AddOptimizeEmpty(f.q, direct, 1, (*job).begin)
		f.want("direct begins")
		queue.AddOptimizeEmpty(f.q, f.silent("behind"), 1, (*job).begin)
		f.want()
		direct.Leave()
		f.turn()
		f.want("behind begins")

		f.q = queue.New(f.ev, "attended")
		attended := f.job("attended")
		queue.AddOptimizeEmpty(f.q, attended, 1, (*job).begin)
		f.want()
		attended.Req().Drop()

		f.q = queue.New(f.ev, "stopped")
		f.q.Stop()
		queue.AddOptimizeEmpty(f.q, f.silent("stopped"), 1, (*job).begin)
		f.want()
	})
}

// As tevent.
func TestS38RemovedWaitingEntryLeavesTheOrderAndAFreedHeadStartsTheNext(t *testing.T) {
	on(t, func(f *fixture) {
		jobs := f.add("a", "b", "c")
		f.turn()
		jobs[1].Req().Drop()
		f.want("a begins")
		jobs[0].SetCancel(jobs[0].Fail)
		jobs[0].Req().Drop()
		f.want() // not in place
		f.turn()
		f.want("c begins")
	})
}

// As tevent.
func TestS39StopLetsTheRunningFinishAndStartResumes(t *testing.T) {
	on(t, func(f *fixture) {
		jobs := f.add("a", "b")
		f.turn()
		f.q.Stop()
		jobs[0].Done(1)
		f.turn()
		f.turn()
		f.want("a begins", "a=1")
		f.q.Start()
		f.want()
		f.turn()
		f.want("b begins")
	})
}

// As tevent; ours: a wait gives a Hold, whose release lets the queue go on.
func TestS40EntryWithoutTriggerBlocksAndWaitHoldsTheQueue(t *testing.T) {
	on(t, func(f *fixture) {
		blocker := f.blocker("blocker")
		wait := f.q.Wait()
		f.add("b")
		f.turn()
		f.turn()
		f.want()
		blocker.Done(1)
		f.turn()
		f.turn()
		f.want("blocker=1")
		hold, err := wait.Result()
		if err != nil {
			f.Fatal(err)
		}
		f.turn()
		f.want()
		hold.Release()
		f.turn()
		f.want("b begins")
	})
}

// As tevent, with a panic instead of an abort.
func TestS41UntriggerNeedsAStoppedQueueAndTheHeadAndRunsItAgain(t *testing.T) {
	on(t, func(f *fixture) {
		jobs := f.add("a", "b")
		jobs[0].then = func() { f.q.Stop(); jobs[0].Untrigger(); jobs[0].then = func() {} }
		f.turn()
		f.want("a begins")
		refused := func(j *job) {
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, "Untrigger") {
					f.Error("not refused: " + text)
				}
			}()
			j.Untrigger()
		}
		refused(jobs[1]) // not the head
		f.q.Start()
		f.turn()
		f.want("a begins")
		refused(jobs[0]) // not stopped
	})
}

// Ours: a queue that goes away completes its requests, where tevent leaves them
// pending for ever.
func TestS42ClosedQueueCompletesItsRequests(t *testing.T) {
	on(t, func(f *fixture) {
		jobs := f.add("a", "b")
		f.turn()
		f.q.Close()
		f.turn()
		f.want("a begins", "b fails: queue: closed", "a fails: queue: closed")
		if _, err := f.q.Wait().Result(); !errors.Is(err, queue.ErrClosed) {
			f.Error(err)
		}
		jobs[0].Done(1) // its implementer lets go
	})
}

// As tevent.
func TestS43LengthCountsTheRunningHead(t *testing.T) {
	on(t, func(f *fixture) {
		jobs := f.add("a", "b")
		f.turn()
		f.want("a begins")
		if n := f.q.Length(); n != 2 {
			f.Fatal(n)
		}
		jobs[0].Done(1)
		f.turn()
		if n := f.q.Length(); n != 1 {
			f.Fatal(n)
		}
		f.want("a=1", "b begins")
	})
}
