package tevent_test

import (
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// phases are the kinds of handlers in the order of a turn.
var phases = []string{"posted", "callback", "immediate", "timer", "fd"}

// TestFreeInAnyHandler lets each kind of handler end every kind of event, its
// own included. What comes later in the turn does not run.
func TestFreeInAnyHandler(t *testing.T) {
	for phase, killer := range phases {
		t.Run(killer, func(t *testing.T) {
			wd, ev := newWorld(t)
			victims := &events{t: t, ev: ev}
			own := &events{t: t, ev: ev}
			killed := 0
			kill := func() { killed++; victims.end(); own.end(); victims.end() }
			switch killer {
			case "posted":
				ev.Post(kill)
			case "callback":
				j := start(ev, "job")
				j.Req().SetCallback(func(tevent.Req[int]) { kill() })
				j.Done(1)
			}
			own.arm(3, func(what string) {
				if what == killer {
					kill()
				}
			})
			victims.arm(4, func(what string) {
				if slices.Index(phases, what) >= phase {
					t.Errorf("%s was ended and ran", what)
				}
			})
			wd.happen(3, sys.In)
			wd.happen(4, sys.In)
			turn(t, ev)
			if killed != 1 {
				t.Errorf("killed %d times", killed)
			}
		})
	}
}

// events is one of each kind.
type events struct {
	t     *testing.T
	ev    *tevent.Context
	fd    *tevent.FD
	im    *tevent.Immediate
	timer *tevent.Timer
	req   tevent.Req[int]
	op    *job
}

func (e *events) arm(fd int, f func(what string)) {
	var err error
	e.fd, err = tevent.NewFD(e.ev, fd, tevent.FDRead, func(tevent.Flags) { f("fd") })
	if err != nil {
		e.t.Fatal(err)
	}
	e.im = tevent.NewImmediate(e.ev, func() { f("immediate") })
	e.im.Schedule()
	e.timer = timerAt(e.ev, 0, func() { f("timer") })
	e.op = start(e.ev, "job")
	e.req = e.op.Req()
	e.req.SetCallback(func(tevent.Req[int]) { f("callback") })
	e.op.Done(1)
}

func (e *events) end() {
	e.fd.Close()
	e.im.Cancel()
	e.timer.Stop()
	e.req.Drop()
}

// A descriptor that is closed in a handler may get its number again at once.
func TestEventOfAClosedDescriptorNeverReachesItsSuccessor(t *testing.T) {
	w, ev := newWorld(t)
	ev.SetWaitTimeout(0)
	var second *tevent.FD
	first := watchFD(t, ev, 4, tevent.FDRead, func(tevent.Flags) { t.Error("the closed one was told") })
	watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) {
		if second != nil {
			return
		}
		first.Close()
		second = watchFD(t, ev, 4, tevent.FDRead, func(tevent.Flags) { t.Error("the successor was told") })
	})
	w.happen(3, sys.In)
	w.happen(4, sys.In)
	turn(t, ev)
	turn(t, ev)
	if second == nil {
		t.Fatal("no successor")
	}
}

func TestEventsBehindAPanicStay(t *testing.T) {
	w, ev := newWorld(t)
	var s steps
	watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) { panic("boom") })
	watchFD(t, ev, 4, tevent.FDRead, func(tevent.Flags) { s.add("told") })
	w.happen(3, sys.In)
	w.happen(4, sys.In)
	panicOf(t, func() { _ = ev.LoopOnce() })
	s.want(t)
	turn(t, ev)
	s.want(t, "told")
	if len(w.sleeps) != 1 { // the second turn did not wait for others
		t.Fatal(w.sleeps)
	}
}

func TestTimersBehindAPanicStay(t *testing.T) {
	_, ev := newWorld(t)
	var s steps
	timerAt(ev, 0, func() { panic("boom") })
	timerAt(ev, 0, s.adder("second"))
	panicOf(t, func() { _ = ev.LoopOnce() })
	turn(t, ev)
	s.want(t, "second")
}
