package tevent_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// conn has its Op somewhere inside, as real operations do.
type conn struct {
	_ [3]int
	tevent.Op[string]
	s steps
	n int
}

func (c *conn) got(v int)                { c.n = v; c.s.add("got") }
func (c *conn) decided(v int, err error) { c.n = v; c.s.add("decided " + text(err)) }
func (c *conn) decidedAndWent(v int, err error) {
	c.decided(v, err)
	c.Done("gone")
}

func text(err error) string {
	if err == nil {
		return "nil"
	}
	return err.Error()
}

// forms are the two ways to say the same.
var forms = map[string]struct {
	then   func(tevent.Req[int], *conn)
	handle func(tevent.Req[int], *conn)
}{
	"method": {
		func(r tevent.Req[int], c *conn) { r.Then(c, c.got) },
		func(r tevent.Req[int], c *conn) { r.Handle(c, c.decided) },
	},
	"function": {
		func(r tevent.Req[int], c *conn) { tevent.Then(r, c, (*conn).got) },
		func(r tevent.Req[int], c *conn) { tevent.Handle(r, c, (*conn).decided) },
	},
}

// both runs a test in both forms.
func both(t *testing.T, f func(*testing.T, *tevent.Context, *conn, bool)) {
	for name := range forms { // in any order
		t.Run(name, func(t *testing.T) {
			ev := newContext(t)
			c := &conn{}
			c.Start(ev, "conn")
			f(t, ev, c, name == "function")
		})
	}
}

func form(function bool) string {
	if function {
		return "function"
	}
	return "method"
}

func TestThenRunsTheStepFromTheLoop(t *testing.T) {
	both(t, func(t *testing.T, ev *tevent.Context, c *conn, f bool) {
		j := start(ev, "sub")
		forms[form(f)].then(j.Req(), c)
		j.Done(5)
		c.s.want(t)
		turn(t, ev)
		c.s.want(t, "got")
		if c.n != 5 || j.State() != tevent.StateFree || !c.InProgress() {
			t.Fatal(c.n, j, c)
		}
		c.Done("end")
		c.Req().Drop()
	})
}

func TestThenFailsTheParent(t *testing.T) {
	both(t, func(t *testing.T, ev *tevent.Context, c *conn, f bool) {
		j := start(ev, "sub")
		forms[form(f)].then(j.Req(), c)
		j.Fail(errTest)
		turn(t, ev)
		c.s.want(t)
		if _, err := c.Req().Result(); !errors.Is(err, errTest) {
			t.Fatal(err)
		}
	})
}

func TestHandleLetsTheStepDecide(t *testing.T) {
	both(t, func(t *testing.T, ev *tevent.Context, c *conn, f bool) {
		for _, err := range []error{nil, errTest} {
			j := start(ev, "sub")
			forms[form(f)].handle(j.Req(), c)
			j.Finish(6, err)
			turn(t, ev)
			if c.n != 6 || !c.InProgress() {
				t.Fatal(c)
			}
		}
		c.s.want(t, "decided nil", "decided "+errTest.Error())
		c.Done("end")
		c.Req().Drop()
	})
}

func TestFinishedRequestIsAdopted(t *testing.T) {
	both(t, func(t *testing.T, ev *tevent.Context, c *conn, f bool) {
		j := start(ev, "sub")
		j.Done(5)
		turn(t, ev)
		forms[form(f)].then(j.Req(), c)
		c.s.want(t)
		turn(t, ev)
		c.s.want(t, "got")
		c.Done("end")
		c.Req().Drop()
	})
}

func TestStaleRequestFailsTheParent(t *testing.T) {
	both(t, func(t *testing.T, ev *tevent.Context, c *conn, f bool) {
		j := start(ev, "sub")
		old := j.Req()
		j.Done(1)
		old.Drop()
		forms[form(f)].handle(old, c)
		turn(t, ev)
		c.s.want(t, "decided "+tevent.ErrStale.Error())
		forms[form(f)].then(old, c)
		turn(t, ev)
		if _, err := c.Req().Result(); !errors.Is(err, tevent.ErrStale) {
			t.Fatal(err)
		}
	})
}

func TestFinishOfTheParentEndsItsChildren(t *testing.T) {
	both(t, func(t *testing.T, ev *tevent.Context, c *conn, f bool) {
		working, done := start(ev, "working"), start(ev, "done")
		working.SetCancel(working.Fail)
		forms[form(f)].handle(working.Req(), c)
		forms[form(f)].handle(done.Req(), c)
		done.Done(1)
		c.Done("end")
		turn(t, ev)
		c.s.want(t) // no step runs any more
		if working.State() != tevent.StateFree || done.State() != tevent.StateFree {
			t.Fatal(working, done)
		}
		c.Req().Drop()
	})
}

func TestRequestOfAParentThatHasEndedIsDropped(t *testing.T) {
	both(t, func(t *testing.T, ev *tevent.Context, c *conn, f bool) {
		for _, end := range []func(){func() { c.Done("end") }, func() { c.Req().Drop() }} {
			end()
			j := start(ev, "sub")
			j.SetCancel(j.Fail)
			forms[form(f)].handle(j.Req(), c)
			turn(t, ev)
			c.s.want(t)
			if j.State() != tevent.StateFree {
				t.Fatal(j)
			}
		}
	})
}

// A parent that has ended waits for nobody, and its next life knows nothing.
func TestLateChildDoesNotTouchTheNextLifeOfItsParent(t *testing.T) {
	ev := newContext(t)
	for _, end := range []func(*job){
		func(p *job) { p.Done(1); p.Req().Drop() },
		func(p *job) { p.Done(1) },
	} {
		p := start(ev, "first")
		end(p)
		late, asked := adopted(t, p, ev, "late")
		if p.State() == tevent.StateDone {
			if v, err := p.Req().Result(); v != 1 || err != nil {
				t.Fatal(v, err)
			}
		}
		p.Start(ev, "second")
		o := watch(p.Req())
		turn(t, ev)
		late.Done(1)
		turn(t, ev)
		if len(*asked) != 1 || o.calls != 0 || !p.InProgress() || late.State() != tevent.StateFree {
			t.Fatal(*asked, o, p, late)
		}
		polite, _ := adopted(t, p, ev, "polite")
		p.Done(2)
		turn(t, ev)
		if o.calls != 0 {
			t.Fatal("its own child still works")
		}
		polite.Done(1)
		turn(t, ev)
		if o.calls != 1 || o.v != 2 {
			t.Fatal(o)
		}
	}
}

func TestParentFinishedByAStepEndsTheOthers(t *testing.T) {
	ev := newContext(t)
	c := &conn{}
	c.Start(ev, "conn")
	a, b := start(ev, "a"), start(ev, "b")
	tevent.Handle(a.Req(), c, (*conn).decidedAndWent)
	tevent.Handle(b.Req(), c, (*conn).decidedAndWent)
	a.Done(1)
	b.Done(2)
	turn(t, ev)
	c.s.want(t, "decided nil")
	if v, err := c.Req().Result(); v != "gone" || err != nil || c.n != 1 {
		t.Fatal(v, err)
	}
}

func TestChildOfAnotherContextIsRefused(t *testing.T) {
	ev, other := newContext(t), newContext(t)
	p, j := start(ev, "parent"), start(other, "child")
	text := panicOf(t, func() { j.Req().Then(p, func(int) {}) })
	if !strings.Contains(text, "parent") || !strings.Contains(text, "child") {
		t.Fatal(text)
	}
	p.Done(1)
	p.Req().Drop()
	j.Done(1)
	j.Req().Drop()
}

func TestParentWithAnOpBehindAPointerIsRefused(t *testing.T) {
	ev := newContext(t)
	type outside struct{ *job }
	p := &outside{start(ev, "parent")}
	j := start(ev, "child")
	panicOf(t, func() { tevent.Then(j.Req(), p, func(*outside, int) {}) })
	for _, o := range []*job{p.job, j} {
		o.Done(1)
		o.Req().Drop()
	}
}

func TestLastAdoptionCounts(t *testing.T) {
	ev := newContext(t)
	a, b := start(ev, "a"), start(ev, "b")
	j := start(ev, "sub")
	var s steps
	j.Req().Then(a, func(int) { s.add("a") })
	j.Req().Then(b, func(int) { s.add("b") })
	a.Done(1)
	a.Req().Drop()
	j.Done(1)
	turn(t, ev)
	s.want(t, "b")
	b.Done(1)
	b.Req().Drop()
}
