package tevent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestOffloadCompletesWithTheOutcome(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	if v, err := tevent.Wait(ev, tevent.Offload(ev, func() (int, error) { return 4, nil })); v != 4 || err != nil {
		t.Fatal(v, err)
	}
	if v, err := tevent.Wait(ev, tevent.Offload(ev, func() (int, error) { return 5, errTest })); v != 5 || !errors.Is(err, errTest) {
		t.Fatal(v, err)
	}
}

func TestOffloadRunsBesideTheLoop(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	gate := make(chan struct{})
	r := tevent.Offload(ev, func() (int, error) { <-gate; return 1, nil })
	timerAt(ev, 0, func() { close(gate) }) // the loop goes on
	if v, err := tevent.Wait(ev, r); v != 1 || err != nil {
		t.Fatal(v, err)
	}
}

func TestOffloadIsDetached(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	gate := make(chan struct{})
	r := tevent.Offload(ev, func() (int, error) { <-gate; return 1, nil })
	if r.Cancel() {
		t.Fatal("it cannot be cancelled")
	}
	if _, err := tevent.Wait(ev, r.SetTimeout(time.Millisecond)); !errors.Is(err, tevent.ErrDeadline) {
		t.Fatal(err)
	}
	close(gate)
	for n := 1; n > 0; { // until its late result has come
		if err := ev.LoopOnce(); err != nil {
			t.Fatal(err)
		}
		n = 0
		for range ev.Items() {
			n++
		}
	}
}
