package tevent_test

import (
	"errors"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// A nil step of Then leaves the failure; of Handle nothing.
func TestNilStepLeavesOnlyTheFailureToThen(t *testing.T) {
	ev := newContext(t)
	p, a, b, c := start(ev, "parent"), start(ev, "a"), start(ev, "b"), start(ev, "c")
	a.Req().Then(p, nil)
	b.Req().Handle(p, nil)
	c.Req().Then(p, nil)
	a.Done(1)
	b.Fail(errTest)
	if err := ev.LoopOnce(); err != nil || !p.InProgress() {
		t.Fatal(p, err)
	}
	c.Fail(errTest)
	if _, err := tevent.Wait(ev, p.Req()); !errors.Is(err, errTest) {
		t.Error(err)
	}
}
