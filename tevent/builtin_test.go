package tevent_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// adopted is a child of p whose cancel function promises and whose step fails
// the test.
func adopted(t *testing.T, p *job, ev *tevent.Context, name string) (*job, *[]error) {
	j := start(ev, name)
	asked := &[]error{}
	j.SetCancel(func(cause error) bool {
		*asked = append(*asked, cause)
		return true
	})
	j.Req().Handle(p, func(int, error) { t.Errorf("the step after %s ran", name) })
	return j, asked
}

func TestBuiltInCancelFailsParentWhenLastChildIsFree(t *testing.T) {
	ev := newContext(t)
	p := start(ev, "parent")
	o := watch(p.Req())
	first, a := adopted(t, p, ev, "first")
	second, b := adopted(t, p, ev, "second")
	if !p.Req().Cancel() || len(*a) != 1 || len(*b) != 1 || !errors.Is((*a)[0], context.Canceled) {
		t.Fatal(*a, *b)
	}
	if !p.InProgress() {
		t.Fatal("finished before its children")
	}
	first.Done(1)
	turn(t, ev)
	if o.calls != 0 || !p.InProgress() {
		t.Fatal("finished before its last child")
	}
	second.Fail(errTest)
	turn(t, ev)
	if o.calls != 1 || !errors.Is(o.err, context.Canceled) || p.State() != tevent.StateFree {
		t.Fatal(o, p)
	}
}

func TestBuiltInCancelDoesNotWaitForChildrenThatRefuse(t *testing.T) {
	ev := newContext(t)
	p := start(ev, "parent")
	o := watch(p.Req())
	child := start(ev, "child") // cannot be cancelled
	child.Req().Then(p, func(int) { t.Error("the step ran") })
	if !p.Req().Cancel() {
		t.Fatal("refused")
	}
	turn(t, ev)
	if o.calls != 1 || !errors.Is(o.err, context.Canceled) || p.State() != tevent.StateFree {
		t.Fatal(o, p)
	}
	if child.State() == tevent.StateFree {
		t.Fatal("its implementer still works")
	}
	child.Done(1)
	if child.State() != tevent.StateFree {
		t.Fatal(child)
	}
}

func TestBuiltInCancelGoesDownTheTree(t *testing.T) {
	ev := newContext(t)
	top, middle := start(ev, "top"), start(ev, "middle")
	o := watch(top.Req())
	middle.Req().Then(top, func(int) { t.Error("the step ran") })
	leaf, asked := adopted(t, middle, ev, "leaf")
	if !top.Req().Cancel() || len(*asked) != 1 {
		t.Fatal(*asked)
	}
	turn(t, ev)
	if o.calls != 0 {
		t.Fatal("the leaf still works")
	}
	leaf.Done(1)
	turn(t, ev)
	if o.calls != 1 || middle.State() != tevent.StateFree || top.State() != tevent.StateFree {
		t.Fatal(o, middle, top)
	}
}

func TestRequestAdoptedDuringBuiltInCancelIsAskedToo(t *testing.T) {
	ev := newContext(t)
	p := start(ev, "parent")
	o := watch(p.Req())
	first, _ := adopted(t, p, ev, "first")
	p.Req().Cancel()
	second, asked := adopted(t, p, ev, "second")
	if len(*asked) != 1 {
		t.Fatal(*asked)
	}
	first.Done(1)
	turn(t, ev)
	if o.calls != 0 {
		t.Fatal("the second still works")
	}
	second.Done(2)
	turn(t, ev)
	if o.calls != 1 {
		t.Fatal(o)
	}
}

func TestImplementerMayFinishDuringBuiltInCancel(t *testing.T) {
	ev := newContext(t)
	p := start(ev, "parent")
	o := watch(p.Req())
	child, _ := adopted(t, p, ev, "child")
	p.Req().Cancel()
	p.Done(9)
	turn(t, ev)
	if o.calls != 0 {
		t.Fatal("the child still works")
	}
	child.Done(1)
	turn(t, ev)
	if o.calls != 1 || o.v != 9 || o.err != nil {
		t.Fatal(o)
	}
}

// A child that is done but whose step has not run yet keeps nobody waiting.
func TestBuiltInCancelEndsAFinishedChild(t *testing.T) {
	ev := newContext(t)
	p, child := start(ev, "parent"), start(ev, "child")
	o := watch(p.Req())
	released := 0
	child.SetRelease(func(int) { released++ })
	child.Req().Then(p, func(int) { t.Error("the step ran") })
	child.Done(1)
	if !p.Req().Cancel() {
		t.Fatal("refused")
	}
	turn(t, ev)
	if o.calls != 1 || !errors.Is(o.err, context.Canceled) || released != 1 {
		t.Fatal(o, released)
	}
}
