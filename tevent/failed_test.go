package tevent_test

import (
	"errors"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestFailedIsAFinishedRequest(t *testing.T) {
	ev := newContext(t)
	busy := tevent.Failed[int](ev, "readv", syscall.EBUSY)
	o := watch(busy)
	if o.calls != 0 || busy.State() != tevent.StateFailed {
		t.Fatal(o, busy)
	}
	turn(t, ev)
	if o.calls != 1 || !errors.Is(o.err, syscall.EBUSY) {
		t.Fatal(o)
	}
	wantErr(t, tevent.Failed[int](ev, "readv", syscall.EINVAL), syscall.EINVAL)
	a, b := tevent.Failed[int](ev, "a", errTest), tevent.Failed[int](ev, "b", errTest)
	if a == b {
		t.Fatal("not in storage of its own")
	}
	a.Drop()
	b.Drop()
}
