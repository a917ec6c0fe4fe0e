package tevent_test

import (
	"runtime"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// depth is how many frames are on the caller's stack.
func depth() int {
	var pcs [256]uintptr
	return runtime.Callers(2, pcs[:])
}

// link is one operation of a chain: each finishes at once and starts the next.
type link struct {
	tevent.Op[tevent.None]
	sub     job
	ev      *tevent.Context
	left    int
	deepest int
}

func (c *link) next() {
	c.sub.Start(c.ev, "link")
	tevent.Then(c.sub.Req(), c, (*link).done)
	c.sub.Done(c.left)
}

func (c *link) done(int) {
	c.deepest = max(c.deepest, depth())
	if c.left--; c.left == 0 {
		c.Done(tevent.None{})
		return
	}
	c.next()
}

func TestMillionChainedRequestsUseConstantStack(t *testing.T) {
	ev := newContext(t)
	ev.SetTracking(false)
	c := &link{ev: ev, left: 1}
	c.Start(ev, "chain")
	c.next()
	if _, err := tevent.Wait(ev, c.Req()); err != nil {
		t.Fatal(err)
	}
	one := c.deepest

	c.left = 1_000_000
	c.Start(ev, "chain")
	c.next()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := tevent.Wait(ev, c.Req()); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if c.left != 0 || c.deepest != one {
		t.Errorf("%d left, stack of %d frames, of one request %d", c.left, c.deepest, one)
	}
	if grown := after.StackInuse - before.StackInuse; after.StackInuse > before.StackInuse && grown > 1<<20 {
		t.Errorf("stacks grew by %d bytes", grown)
	}
}

func TestChainStarvesNobody(t *testing.T) {
	w, ev := newWorld(t)
	c := &link{ev: ev, left: 1_000_000}
	c.Start(ev, "chain")
	c.next()
	var s steps
	tevent.NewTimer(ev, s.adder("timer")).Reset(0)
	fd, err := tevent.NewFD(ev, 3, tevent.FDRead, func(tevent.Flags) { s.add("fd") })
	if err != nil {
		t.Fatal(err)
	}
	w.happen(3, 1)
	ev.Post(s.adder("posted"))
	turn(t, ev)
	s.want(t, "posted", "timer", "fd")
	if c.left > 1_000_000-1000 || c.left < 1_000_000-1024 {
		t.Fatalf("%d left: the chain had not its share", c.left)
	}
	fd.Close()
	c.Req().Drop()
}
