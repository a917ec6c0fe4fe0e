//go:build linux

package tevent_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
)

// What the original promises or does, statement by statement, on every system:
// "as tevent" is the same here, "ours" is different on purpose, and "not in Go"
// says what stands in its place. Statements 23 to 35 are about requests, 36 to
// 43 about queues, in package queue.

// after is a timer that is due d after the moment at which now began.
func after(ev *tevent.Context, now time.Time, d time.Duration, f func()) *tevent.Timer {
	tm := tevent.NewTimer(ev, f)
	tm.ResetAt(now.Add(d))
	return tm
}

// past is long enough ago for the turn that begins next.
const past = -time.Second

// As tevent; ours: all classes have their share of each turn, instead of one
// event of the first class that has any.
func TestS01SignalsThenImmediatesThenTimersThenDescriptors(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		p := b.Pair()
		p.Send()
		var sig *tevent.Signal
		sig = onSignal(b, b.Ev, &s, "", func() { // all the others are due from here on
			sig.Close()
			var fd *tevent.FD
			fd = b.Watch(p.FD(), tevent.FDRead, func(tevent.Flags) { s.add("fd"); fd.Close() })
			after(b.Ev, b.Ev.Now(), past, s.adder("timer"))
			tevent.NewImmediate(b.Ev, s.adder("immediate")).Schedule()
		})
		b.Raise(syscall.SIGUSR1)
		for len(s) == 0 {
			b.Turn()
		}
		s.want(b, " user defined signal 1 1", "immediate", "timer", "fd") // in one turn
	})
}

// As tevent.
func TestS02ImmediateOfAnImmediateRunsBehindTheQueuedAndBeforeTimers(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		after(b.Ev, b.Ev.Now(), past, s.adder("timer"))
		nested := tevent.NewImmediate(b.Ev, s.adder("nested"))
		tevent.NewImmediate(b.Ev, func() { s.add("first"); nested.Schedule() }).Schedule()
		tevent.NewImmediate(b.Ev, s.adder("second")).Schedule()
		b.Turn()
		s.want(b, "first", "second", "nested", "timer")
	})
}

// As tevent; not in Go: another handler, for an Immediate has one function.
func TestS03ScheduledAgainAnImmediateMovesToTheEnd(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		moved := tevent.NewImmediate(b.Ev, s.adder("moved"))
		moved.Schedule()
		tevent.NewImmediate(b.Ev, s.adder("other")).Schedule()
		moved.Schedule()
		b.Wait()
		s.want(b, "other", "moved")
	})
}

// As tevent.
func TestS04CancelledImmediateNeverRuns(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		im := tevent.NewImmediate(b.Ev, func() { b.Error("ran") })
		im.Schedule()
		if !im.Cancel() || im.Cancel() {
			b.Error("not cancelled once")
		}
		b.Wait()
	})
}

// As tevent; ours: a reset counts as a new creation.
func TestS05EqualTimersAreFirstInFirstOut(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		at := b.Ev.Now().Add(time.Millisecond)
		var all []*tevent.Timer
		for i := range 5 {
			tm := tevent.NewTimer(b.Ev, s.adder(fmt.Sprint(i)))
			tm.ResetAt(at)
			all = append(all, tm)
		}
		all[1].ResetAt(at)
		b.Wait()
		s.want(b, "0", "2", "3", "4", "1")
	})
}

// As tevent for timers that are not due yet; ours: what was due earlier goes
// first, for a zero timer is due at the moment at which it is set. That moment has
// to come before the later one is due: if the machine stood still, once more.
func TestS06ZeroTimersPrecedeLaterOnesInTheirOrder(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		for range 100 {
			var s steps
			now := b.Ev.Now()
			after(b.Ev, now, 5*time.Millisecond, s.adder("later"))
			timerAt(b.Ev, 0, s.adder("zero 1"))
			timerAt(b.Ev, 0, s.adder("zero 2"))
			inTime := b.Ev.Now().Sub(now) < 5*time.Millisecond
			after(b.Ev, now, past, s.adder("past"))
			b.Wait()
			if inTime {
				s.want(b, "past", "zero 1", "zero 2", "later")
				return
			}
		}
		b.Fatal("the machine stands still")
	})
}

// As tevent.
func TestS07ZeroTimerOfAZeroTimerRunsInALaterTurn(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		turns := 0
		timerAt(b.Ev, 0, func() {
			s.add("first")
			at := turns
			timerAt(b.Ev, 0, func() {
				if s.add("nested"); turns == at {
					b.Error("in the same turn")
				}
			})
		})
		timerAt(b.Ev, 0, s.adder("second"))
		for len(s) < 3 {
			b.Turn()
			turns++
		}
		s.want(b, "first", "second", "nested")
	})
}

// As tevent.
func TestS08DueTimerThatIsStoppedInAHandlerDoesNotFire(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		now := b.Ev.Now()
		victim := after(b.Ev, now, past, func() { b.Error("fired") })
		after(b.Ev, now, 2*past, func() { victim.Stop() })
		b.Wait()
	})
}

// As tevent.
func TestS09EverythingMayBeFreedInItsOwnHandler(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var s steps
		p := b.Pair()
		p.Send()
		var fd *tevent.FD
		fd = b.Watch(p.FD(), tevent.FDRead, func(tevent.Flags) { s.add("fd"); fd.Close() })
		var tm *tevent.Timer
		tm = after(b.Ev, b.Ev.Now(), past, func() { s.add("timer"); tm.Stop() })
		var im *tevent.Immediate
		im = tevent.NewImmediate(b.Ev, func() { s.add("immediate"); im.Cancel() })
		im.Schedule()
		var sig *tevent.Signal
		var raised steps
		sig = onSignal(b, b.Ev, &raised, "", func() { sig.Close() })
		b.Raise(syscall.SIGUSR1)
		b.Wait() // nothing is left
		s.want(b, "immediate", "timer", "fd")
		raised.want(b, " user defined signal 1 1")
	})
}

// Not in Go: the argument current_time, because ev.Now is fresh and has a cost
// of its own only where it is called.
func TestS10InATimersFunctionItsTimeHasCome(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		for _, d := range []time.Duration{0, time.Millisecond} {
			due := b.Ev.Now().Add(d)
			tevent.NewTimer(b.Ev, func() {
				if b.Ev.Now().Before(due) {
					b.Error("not yet")
				}
			}).ResetAt(due)
		}
		b.Wait()
	})
}

// As tevent; ours: the clock is monotonic and has nanoseconds.
func TestS11TimersAreNeverEarly(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		n := 0
		for i := range 20 {
			due := b.Ev.Now().Add(time.Duration(i*137) * time.Microsecond)
			after(b.Ev, due, 0, func() {
				if n++; b.Ev.Now().Before(due) {
					b.Error("early by", due.Sub(b.Ev.Now()))
				}
			})
		}
		b.Wait()
		if n != 20 {
			b.Fatal(n)
		}
	})
}

// Ours: what comes again and again starves nobody, where tevent serves no
// descriptor as long as there is an immediate or a due timer.
func TestS12NothingThatComesAgainStarvesDescriptors(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		p := b.Pair()
		p.Send()
		n := 0
		fd := b.Watch(p.FD(), tevent.FDRead, func(tevent.Flags) { n++ })
		var im *tevent.Immediate
		im = tevent.NewImmediate(b.Ev, func() { im.Schedule() })
		im.Schedule()
		var tm *tevent.Timer
		tm = timerAt(b.Ev, 0, func() { tm.ResetAt(b.Ev.Now().Add(past)) })
		for range 5 {
			b.Turn()
		}
		if n != 5 {
			b.Error(n, "times in 5 turns")
		}
		im.Cancel()
		tm.Stop()
		fd.Close()
	})
}

// As tevent; ours: that nothing was ready is no error.
func TestS19WaitTimeoutOfZeroNeverSleeps(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		hour := timerAt(b.Ev, time.Hour, func() { b.Error("fired") })
		if old := b.Ev.SetWaitTimeout(0); old >= 0 {
			b.Error("the start value is to sleep:", old)
		}
		before := b.Ev.Now()
		b.Turn()
		b.Turn()
		if d := b.Ev.Now().Sub(before); d >= time.Hour {
			b.Error("slept", d)
		}
		if old := b.Ev.SetWaitTimeout(-1); old != 0 {
			b.Error("not the previous value:", old)
		}
		hour.Stop()
	})
}

// As tevent, with an error instead of an abort; ours: the refusal leaves the
// level as it was.
func TestS20NestedLoopIsRefused(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		n := 0
		try := func() {
			n++
			for _, err := range []error{b.Ev.LoopOnce(), b.Ev.LoopWait()} {
				if !errors.Is(err, tevent.ErrNested) {
					b.Error(err)
				}
			}
		}
		timerAt(b.Ev, 0, try)
		timerAt(b.Ev, 0, try)
		b.Wait()
		if n != 2 {
			b.Fatal(n)
		}
	})
}

// As tevent; not in Go: SA_SIGINFO, because the runtime hands no siginfo on.
func TestS21SignalHandlersRunNewestFirstWithTheCount(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		var order []string
		raised := map[string]int{}
		handle := func(name string) *tevent.Signal {
			h, err := tevent.NewSignal(b.Ev, syscall.SIGUSR1, func(_ os.Signal, n int) {
				order = append(order, name)
				raised[name] += n
			})
			if err != nil {
				b.Fatal(err)
			}
			return h
		}
		old, young := handle("old"), handle("new")
		for range 3 {
			b.Raise(syscall.SIGUSR1)
		}
		for raised["old"] < 3 { // they may come in one turn or in three
			b.Turn()
		}
		if raised["new"] != 3 || len(order)%2 != 0 {
			b.Error(raised, order)
		}
		for i, name := range order {
			if want := [2]string{"new", "old"}[i%2]; name != want {
				b.Error(order)
			}
		}
		old.Close()
		young.Close()
	})
}
