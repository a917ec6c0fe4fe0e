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
	d, e := start(ev, "d"), start(ev, "e")
	a.Req().Then(p, nil)
	b.Req().Handle(p, nil)
	c.Req().Then(p, nil)
	tevent.Then(d.Req(), p, nil)
	tevent.Handle(e.Req(), p, nil)
	a.Done(1)
	b.Fail(errTest)
	d.Done(1)
	e.Fail(errTest)
	if err := ev.LoopOnce(); err != nil || !p.InProgress() {
		t.Fatal(p, err)
	}
	c.Fail(errTest)
	if _, err := tevent.Wait(ev, p.Req()); !errors.Is(err, errTest) {
		t.Error(err)
	}
}
