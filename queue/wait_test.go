package queue_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// Q2, statement 40.
func TestWaitCompletesAtTheHeadAndTheQueueGoesOnAtRelease(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	r := f.q.Wait()
	b := f.add("b")[0]
	f.wantNext("a begins")
	if !r.InProgress() {
		t.Fatal("not at the head yet")
	}
	a.Done(1)
	f.wantNext("a=1")
	hold, err := r.Result()
	if err != nil {
		t.Fatal(err)
	}
	f.wantNext()
	f.wantLength(2)
	hold.Release()
	hold.Release()
	f.want()
	f.wantNext("b begins")
	b.Done(2)
	f.wantNext("b=2")
}

func TestHoldThatNobodyReceivesIsReleased(t *testing.T) {
	f := setUp(t)
	r := f.q.Wait()
	a := f.add("a")[0]
	f.wantNext()
	r.Drop()
	f.wantNext("a begins")
	a.Done(1)
	f.wantNext("a=1")
}

func TestWaitCanBeCancelled(t *testing.T) {
	f := setUp(t)
	a := f.add("a")[0]
	r := f.q.Wait()
	b := f.add("b")[0]
	f.wantNext("a begins")
	if !r.Cancel() {
		t.Fatal("not cancelled")
	}
	f.wantLength(2)
	if _, err := r.Result(); err == nil {
		t.Error("holds")
	}
	a.Done(1)
	f.wantNext("a=1", "b begins")
	b.Done(2)
	f.wantNext("b=2")
}

func TestHoldOutlivesAClosedQueue(t *testing.T) {
	f := setUp(t)
	hold, err := tevent.Wait(f.ev, f.q.Wait())
	if err != nil {
		t.Fatal(err)
	}
	f.q.Close()
	f.wantLength(1)
	hold.Release()
	f.wantLength(0)
	var none queue.Hold
	none.Release()
}
