package tevent_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// The dimensions of the matrix.
var (
	askers    = []string{"Cancel", "deadline", "Drop", "parent finish", "Close"}
	cancels   = []string{"no function", "true at once", "true, fails later", "true, done later", "false"}
	receivers = []string{"callback", "Then", "Handle", "none"}
	moments   = []string{"asked", "turned", "finished", "ended"} // when the Op became free
)

// cell is one life: somebody asks, the implementer answers, someone receives.
type cell struct {
	t                       *testing.T
	asker, cancel, receiver string
	ev                      *tevent.Context
	j                       *job
	r                       tevent.Req[int]
	p                       *job // parent, if there is one
	parentErr               error
	parents                 int   // outcomes of p
	got                     []int // values received
	errs                    []error
	causes                  []error
	released                *[]int
	freeAt                  string
}

// want is the row of the table that a cell must show.
type want struct {
	delivered bool  // by callback, step or Result; a failed Then counts too
	err       error // nil: the value 7
	released  bool
	freeAt    string
}

// expected is the table.
func (c *cell) expected() want {
	can := c.cancel != "no function" && c.cancel != "false"
	atOnce := c.cancel == "true at once"
	adopted := c.receiver == "Then" || c.receiver == "Handle"
	cause := map[string]error{"Cancel": context.Canceled, "deadline": tevent.ErrDeadline, "Close": tevent.ErrClosed}[c.asker]
	var late error
	if c.cancel == "true, fails later" {
		late = errTest
	}
	switch {
	case c.asker == "Drop" || c.asker == "parent finish" || c.asker == "Close" && adopted:
		if atOnce {
			return want{freeAt: "asked"}
		}
		return want{released: late == nil, freeAt: "finished"}
	case atOnce && c.asker == "Close" && c.receiver == "callback":
		return want{delivered: true, err: cause, freeAt: "asked"}
	case atOnce:
		return want{delivered: true, err: cause, freeAt: "turned"}
	case c.asker == "Cancel" && !can:
		return want{delivered: true, freeAt: "ended"}
	case c.asker != "Close" && can: // the implementer's own outcome
		return want{delivered: true, err: late, freeAt: "ended"}
	}
	return want{delivered: true, err: cause, released: late == nil, freeAt: "finished"} // abandoned
}

func TestLifecycleMatrix(t *testing.T) {
	cells := 0
	for _, asker := range askers {
		for _, cancel := range cancels {
			for _, receiver := range receivers {
				cells++
				t.Run(asker+"/"+cancel+"/"+receiver, func(t *testing.T) {
					c := &cell{t: t, asker: asker, cancel: cancel, receiver: receiver}
					c.run()
					c.check(c.expected())
				})
			}
		}
	}
	if cells != 100 {
		t.Fatal(cells)
	}
}

func (c *cell) run() {
	c.ev = newContext(c.t)
	c.j = start(c.ev, "job")
	c.r = c.j.Req()
	c.released = releases(c.j)
	c.setCancel()
	c.setReceiver()
	c.ask()
	c.note("asked")
	_ = c.ev.LoopOnce()
	c.take()
	c.note("turned")
	c.finish()
	c.note("finished")
	_ = c.ev.LoopOnce()
	c.take()
	c.note("ended")
	if c.p != nil && c.p.InProgress() {
		c.p.Done(1)
		c.p.Req().Drop()
	}
}

func (c *cell) note(moment string) {
	if c.freeAt == "" && c.j.State() == tevent.StateFree {
		c.freeAt = moment
	}
}

func (c *cell) setCancel() {
	answer := map[string]func(error) bool{
		"true at once":      c.j.Fail,
		"true, fails later": func(error) bool { return true },
		"true, done later":  func(error) bool { return true },
		"false":             func(error) bool { return false },
	}[c.cancel]
	if answer != nil {
		c.j.SetCancel(func(cause error) bool {
			c.causes = append(c.causes, cause)
			return answer(cause)
		})
	}
}

func (c *cell) receive(v int, err error) {
	if err == nil {
		c.got = append(c.got, v)
	}
	c.errs = append(c.errs, err)
}

func (c *cell) setReceiver() {
	if c.receiver == "Then" || c.receiver == "Handle" || c.asker == "parent finish" {
		c.p = start(c.ev, "parent")
		c.p.Req().SetCallback(func(r tevent.Req[int]) {
			c.parents++
			_, c.parentErr = r.Result()
		})
		if c.receiver == "Then" {
			c.r.Then(c.p, func(v int) { c.receive(v, nil) })
		} else {
			c.r.Handle(c.p, c.receive)
		}
	}
	switch {
	case c.receiver == "callback":
		c.r.SetCallback(func(r tevent.Req[int]) { c.receive(r.Result()) })
	case c.receiver == "none" && c.p != nil:
		c.r.Ignore()
	}
}

func (c *cell) ask() {
	switch c.asker {
	case "Cancel":
		can := c.cancel != "no function" && c.cancel != "false"
		if got := c.r.Cancel(); got != can {
			c.t.Errorf("Cancel reports %t", got)
		}
	case "deadline":
		c.r.SetTimeout(-1)
	case "Drop":
		c.r.Drop()
	case "parent finish":
		c.p.Done(1)
	case "Close":
		closeNow(c.t, c.ev)
	}
}

// take is the receiver who has no callback.
func (c *cell) take() {
	if c.receiver != "none" || c.p != nil {
		return
	}
	if v, err := c.r.Result(); !errors.Is(err, tevent.ErrStale) && !errors.Is(err, tevent.ErrInProgress) {
		c.receive(v, err)
	}
}

// finish is the implementer, if his cancel function has not done it.
func (c *cell) finish() {
	switch c.cancel {
	case "true at once":
	case "true, fails later":
		c.j.Fail(errTest)
	default:
		c.j.Done(7)
	}
}

func (c *cell) check(w want) {
	outcomes, values := c.errs, c.got
	if c.receiver == "Then" && w.delivered && w.err != nil {
		if c.parents != 1 || !errors.Is(c.parentErr, w.err) || len(outcomes) != 0 {
			c.t.Errorf("%d outcomes of the parent, %v; want %v", c.parents, c.parentErr, w.err)
		}
	} else {
		c.checkDelivery(w, outcomes, values)
	}
	if n := len(*c.released); n > 1 || (n == 1) != w.released {
		c.t.Errorf("released %d times", n)
	}
	if c.freeAt != w.freeAt {
		c.t.Errorf("free when %s, want %s %v", c.freeAt, w.freeAt, moments)
	}
	if n := len(c.causes); n > 1 || c.cancel != "no function" && n == 0 {
		c.t.Errorf("asked %d times", n)
	}
	if _, err := c.r.Result(); !errors.Is(err, tevent.ErrStale) {
		c.t.Errorf("the handle says %v", err)
	}
	if c.asker == "Close" && c.p != nil && (c.parents != 1 || !errors.Is(c.parentErr, tevent.ErrClosed)) {
		c.t.Errorf("%d outcomes of the parent, %v", c.parents, c.parentErr)
	}
}

func (c *cell) checkDelivery(w want, outcomes []error, values []int) {
	switch {
	case !w.delivered && len(outcomes) != 0:
		c.t.Errorf("delivered %v", outcomes)
	case !w.delivered:
	case len(outcomes) != 1:
		c.t.Errorf("delivered %d times", len(outcomes))
	case w.err == nil && fmt.Sprint(values) != "[7]":
		c.t.Errorf("delivered %v, %v; want 7", values, outcomes)
	case w.err != nil && !errors.Is(outcomes[0], w.err):
		c.t.Errorf("delivered %v, want %v", outcomes[0], w.err)
	}
}
