package tevent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

type closer struct{ close func() }

func (c *closer) Close() error { c.close(); return nil }

// note tells of each cleanup.
func (s *steps) note(j *job) {
	j.SetCleanup(func(st tevent.State) { s.add("cleanup " + st.String()) })
}

func TestCleanupRunsOnceAtFinishAndOnceAtEnd(t *testing.T) {
	ev := newContext(t)
	var s steps
	j := start(ev, "job")
	s.note(j)
	j.Req().SetCallback(func(r tevent.Req[int]) {
		s.add("callback")
		_, _ = r.Result()
		s.add("after Result")
	})
	j.Done(1)
	s.add("after Done")
	turn(t, ev)
	s.want(t, "cleanup done", "after Done", "callback", "cleanup ended", "after Result")
}

func TestCleanupRunsHoweverARequestEnds(t *testing.T) {
	ev := newContext(t)
	for name, end := range map[string]func(*job){ // in any order
		"drop of one in progress": func(j *job) { j.Req().Drop(); j.Done(1) },
		"failure":                 func(j *job) { j.Fail(errTest); j.Req().Drop() },
		"deadline":                func(j *job) { abandon(t, ev, j); j.Done(1) },
	} {
		var s steps
		j := start(ev, name)
		s.note(j)
		end(j)
		s.want(t, "cleanup failed", "cleanup ended")
	}
}

func TestOrderOfAFinish(t *testing.T) {
	w, ev := newWorld(t)
	ev.SetWaitTimeout(0)
	var s steps
	p := start(ev, "parent")
	child := start(ev, "child")
	child.SetCancel(func(cause error) bool {
		s.add("child asked in state " + p.State().String())
		return child.Fail(cause)
	})
	child.Req().Then(p, func(int) { t.Error("the step ran") })
	p.Own(&closer{s.adder("first owned")})
	p.Own(&closer{s.adder("second owned")})
	s.note(p)
	p.Req().SetTimeout(time.Second).SetCallback(func(tevent.Req[int]) { s.add("callback") })
	p.Done(1)
	w.pass(time.Minute) // the deadline is gone
	turn(t, ev)
	s.want(t, "child asked in state done", "second owned", "first owned", "cleanup done", "callback", "cleanup ended")
}

func TestParentFinishWaitsForCancelledChildren(t *testing.T) {
	ev := newContext(t)
	p := start(ev, "parent")
	o := watch(p.Req())
	var s steps
	s.note(p)
	polite, _ := adopted(t, p, ev, "polite")
	rude := start(ev, "rude") // cannot be cancelled
	rude.Req().Then(p, func(int) { t.Error("the step ran") })
	p.Done(3)
	s.want(t, "cleanup done") // before the children are free
	turn(t, ev)
	if o.calls != 0 || p.State() != tevent.StateDone || p.Req().State() != tevent.StateDone {
		t.Fatal(o, p)
	}
	if !p.Req().InProgress() {
		t.Fatal("the outcome cannot be received yet")
	}
	if _, err := p.Req().Result(); !errors.Is(err, tevent.ErrInProgress) {
		t.Fatal(err)
	}
	polite.Done(1)
	turn(t, ev)
	if o.calls != 1 || o.v != 3 || p.State() != tevent.StateFree {
		t.Fatal(o, p) // the rude one was not waited for
	}
	rude.Done(1)
	if rude.State() != tevent.StateFree {
		t.Fatal(rude)
	}
}

func TestDroppedParentIsFreeWhenItsChildrenAre(t *testing.T) {
	ev := newContext(t)
	p := start(ev, "parent")
	p.SetCancel(p.Fail)
	child, _ := adopted(t, p, ev, "child")
	p.Req().Drop()
	if p.State() == tevent.StateFree {
		t.Fatal("its child still works")
	}
	child.Done(1)
	if p.State() != tevent.StateFree || child.State() != tevent.StateFree {
		t.Fatal(p, child)
	}
}

// An abandoned child is waited for as long as its own children hold memory, and
// no longer.
func TestParentWaitsForGrandchildrenOfAnAbandonedChild(t *testing.T) {
	ev := newContext(t)
	p, child := start(ev, "parent"), start(ev, "child")
	o := watch(p.Req())
	child.SetCancel(func(error) bool { return false })
	child.Req().SetTimeout(-1).Handle(p, func(int, error) { t.Error("the step ran") })
	grandchild, _ := adopted(t, child, ev, "grandchild")
	turn(t, ev)
	p.Done(1)
	turn(t, ev)
	if o.calls != 0 {
		t.Fatal("the grandchild still works")
	}
	grandchild.Done(1)
	turn(t, ev)
	if o.calls != 1 || p.State() != tevent.StateFree {
		t.Fatal(o, p)
	}
	child.Done(1)
	if child.State() != tevent.StateFree {
		t.Fatal(child)
	}
}

func TestParentWaitsForGrandchildrenOfAChildThatRefuses(t *testing.T) {
	ev := newContext(t)
	p, child := start(ev, "parent"), start(ev, "child")
	o := watch(p.Req())
	child.SetCancel(func(error) bool { return false })
	child.Req().Handle(p, func(int, error) { t.Error("the step ran") })
	grandchild, asked := adopted(t, child, ev, "grandchild")
	p.Done(1)
	turn(t, ev)
	if o.calls != 0 || len(*asked) != 1 {
		t.Fatal(o, *asked)
	}
	grandchild.Done(1)
	turn(t, ev)
	if o.calls != 1 || p.State() != tevent.StateFree {
		t.Fatal(o, p)
	}
	child.Done(1)
	if child.State() != tevent.StateFree {
		t.Fatal(child)
	}
}

// A cleanup function may end the request, finish the parent or adopt.
func TestCleanupAndReleaseMayUseTheAPI(t *testing.T) {
	ev := newContext(t)
	p, j := start(ev, "parent"), start(ev, "child")
	o := watch(p.Req())
	r := j.Req()
	released := 0
	j.SetRelease(func(int) { released++; r.Drop(); p.Done(2) })
	j.SetCleanup(func(tevent.State) {
		r.Cancel()
		r.Drop()
	})
	r.Then(p, func(int) { t.Error("the step ran") })
	j.Done(1) // its cleanup drops it, its release finishes the parent
	turn(t, ev)
	if released != 1 || o.calls != 1 || o.v != 2 || j.State() != tevent.StateFree || p.State() != tevent.StateFree {
		t.Fatal(released, o, j, p)
	}
}

// In the cleanup at the end the operation's own handle is stale too.
func TestCleanupAtTheEndCannotReachTheRequest(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	ends := 0
	j.SetCleanup(func(s tevent.State) {
		if s != tevent.StateEnded {
			return
		}
		if ends++; ends == 1 {
			wantErr(t, j.Req(), tevent.ErrStale)
			j.Req().Drop()
		}
	})
	j.Done(1)
	if v, err := j.Req().Result(); v != 1 || err != nil || ends != 1 || j.State() != tevent.StateFree {
		t.Fatal(v, err, ends, j)
	}
}
