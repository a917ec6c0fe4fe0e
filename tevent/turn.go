package tevent

import (
	"context"
	"errors"
	"runtime/debug"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// turnBudget is how many entries of the ready list one turn runs.
const turnBudget = 1024

// LoopOnce runs one turn: signals, posted functions, the ready list, due timers,
// what gathers before the wait, the wait, and the descriptors that became ready;
// the ready list again after each of these, and after each FD event and 16
// sockets. It sleeps until there is something to do, at most WaitTimeout, and not
// at all if it did something before the wait. Inside a callback it returns
// ErrNested, on a closed context ErrClosed. Source: tevent_loop_once.
func (ev *Context) LoopOnce() error {
	ev.enter()
	if ev.level > 0 {
		return ErrNested
	}
	ev.level++
	ev.stage.Store(turning)
	defer ev.leave()
	if ev.closed {
		if !ev.dead {
			ev.settleAll() // what was started since
		}
		return ErrClosed
	}
	var err error
	if !ev.closeNow {
		err = ev.turn()
	}
	if ev.closeNow {
		ev.close()
	}
	return err
}

// leave ends a turn, also one that a panic or runtime.Goexit left: what was
// not run stays in the lists.
func (ev *Context) leave() {
	ev.level--
	ev.stage.Store(outside)
	if ev.turnID != 0 {
		ev.endTurn()
	}
	if ev.onPanic == nil {
		return
	}
	if v := recover(); v != nil {
		p := &PanicError{v, debug.Stack()}
		if !ev.onPanic(p) {
			panic(v)
		}
		ev.blame(p)
	}
}

// blame fails the request whose step panicked, unless it has finished: then its
// outcome stays what it is.
func (ev *Context) blame(p *PanicError) {
	c := ev.current
	ev.current = nil
	if c != nil && c.gen == ev.curGen && c.state == StateInProgress && c.has(held) {
		c.self.failed(p)
	}
}

// stepping notes whose step or callback runs.
func (ev *Context) stepping(c *core) { ev.current, ev.curGen = c, c.gen }

func (ev *Context) turn() error {
	ev.now = ev.kernel.Now()
	ev.budget = turnBudget
	ev.current = nil
	if ev.tracer != nil {
		ev.beginTurn()
	}
	ev.revive()
	ev.runSignals()
	ev.runPosted()
	ev.drain()
	ev.runTimers()
	ev.runFlush()
	if ev.closeNow {
		return nil
	}
	if errno := ev.wait(); errno != 0 {
		return errno
	}
	ev.dispatch()
	ev.runFlush()
	return nil
}

// dispatch serves descriptors, burst by burst with their callbacks and answers,
// until the turn's share is used up; the others stay for the next turn. If the
// ready list had it all before, each is served nevertheless, so that it cannot
// starve them.
func (ev *Context) dispatch() {
	spent := ev.budget == 0
	for !ev.closeNow && (spent || ev.budget > 0) && ev.loop.Dispatch() {
		ev.drain()
		ev.runAnswers()
	}
}

// revive brings the deferred back and reports failures that nobody took.
func (ev *Context) revive() {
	ev.worked = len(ev.orphans)+len(ev.later) > 0 // may be all that LoopWait waited for
	ev.reportOrphans()
	for _, e := range ev.later {
		e.r.(*core).revive(e.gen)
	}
	ev.later = ev.later[:0]
}

func (c *core) revive(gen uint64) {
	if c.gen == gen {
		c.flags &^= deferred
		c.enqueue()
	}
}

func (ev *Context) reportOrphans() {
	all := ev.orphans
	ev.orphans = nil
	for _, e := range all {
		e.r.(*core).report(e.gen)
	}
	if ev.orphans == nil {
		clear(all)
		ev.orphans = all[:0]
	}
}

// report tells the logger about a failure that nobody took. That Close fails
// what is pending is the owner's doing and no news.
func (c *core) report(gen uint64) {
	if c.gen != gen || c.cb != nil || c.parent != nil || c.has(ignored) {
		return
	}
	if !c.ev.closing || !errors.Is(c.side.err, ErrClosed) {
		c.ev.log().Warn("tevent: nobody took the failure of a request", "request", c.label(),
			"error", c.side.err, "created", c.side.created.String())
	}
}

// drain runs the ready list as far as the turn's budget goes.
func (ev *Context) drain() {
	for ev.ready.n > 0 && ev.budget > 0 {
		ev.budget--
		ev.worked = true
		e := ev.ready.pop()
		e.r.run(e.gen)
	}
}

// runTimers runs the timers that were due and armed when it began.
func (ev *Context) runTimers() {
	if ev.timers.next() > ev.now {
		return
	}
	seq := ev.timers.seq
	for !ev.closeNow {
		t := ev.timers.due(ev.now, seq)
		if t == nil {
			return
		}
		ev.worked = true
		t.fire()
		ev.drain()
	}
}

// runFlush runs what gathers, once each, and what that finishes.
func (ev *Context) runFlush() {
	ev.runAnswers()
	ev.runOnce(&ev.flush)
	ev.drain()
}

// runAnswers runs what gathers behind a burst, and what that finishes.
func (ev *Context) runAnswers() {
	if ev.answers.n > 0 {
		ev.runOnce(&ev.answers)
		ev.drain()
	}
}

// runOnce runs what is in q, but not what that adds.
func (ev *Context) runOnce(q *ring) {
	for n := q.n; n > 0; n-- {
		ev.worked = true
		e := q.pop()
		e.r.run(e.gen)
	}
}

// gathered is how much waits to be run in one of these.
func (ev *Context) gathered() int { return ev.answers.n + ev.flush.n }

// wait fetches the events of the turn and sleeps if there is nothing to do.
func (ev *Context) wait() sys.Errno {
	if ev.tracer == nil {
		return ev.ask()
	}
	ev.tellWait(BeforeWait, ev.kernel.Now())
	before := ev.now
	errno := ev.ask()
	now := ev.now
	if now == before { // it did not sleep
		now = ev.kernel.Now()
	}
	ev.tellWait(AfterWait, now)
	return errno
}

// ask asks the system, until the deadline of the turn.
func (ev *Context) ask() sys.Errno {
	deadline := ev.deadline()
	if deadline == 0 {
		return ev.loop.Wait(0)
	}
	ev.stage.Store(parked)
	errno := ev.loop.Wait(deadline)
	ev.stage.Store(turning)
	ev.now = ev.kernel.Now()
	return errno
}

// deadline is until when the loop may sleep; 0 if it may not.
func (ev *Context) deadline() int64 {
	if ev.worked || ev.ready.n > 0 || ev.gathered() > 0 || len(ev.later) > 0 || len(ev.orphans) > 0 ||
		ev.posted.n > 0 || ev.mailed.Load() || ev.raised.Load() || ev.closeNow || ev.timeout == 0 || ev.loop.Busy() {
		return 0
	}
	at := ev.timers.next()
	if at <= ev.now {
		return 0
	}
	if ev.timeout > 0 {
		at = min(at, int64(after(ev.now, ev.timeout)))
	}
	return at
}

// idle reports whether nothing is left that could happen.
func (ev *Context) idle() bool {
	return ev.pending == 0 && ev.watching == 0 && ev.timers.size() == 0 && ev.ready.n == 0 &&
		ev.gathered() == 0 && len(ev.later) == 0 && len(ev.orphans) == 0 && ev.posted.n == 0 && !ev.mailed.Load() && !ev.loop.Busy()
}

// LoopWait runs turns until nothing is left that could happen: no request in
// progress, timer, immediate, posted function, signal handler or FD event that
// asks for something. An idle stream or listener does not hold it. Source:
// tevent_loop_wait.
func (ev *Context) LoopWait() error {
	ev.enter()
	if ev.level > 0 {
		return ErrNested
	}
	for !ev.idle() {
		if err := ev.LoopOnce(); err != nil {
			return err
		}
	}
	return nil
}

// Run runs turns until ctx is done, and returns its cause then, or until
// nothing is left that could happen, and returns nil. It ends no request.
func (ev *Context) Run(ctx context.Context) error {
	return ev.runWhile(ctx, func() bool { return !ev.idle() })
}

// Serve runs turns until ctx is done, and returns its cause, or until the
// context is closed, also while there is nothing to do: for a loop that other
// goroutines use, with Post and Await. It ends no request.
func (ev *Context) Serve(ctx context.Context) error {
	return ev.runWhile(ctx, func() bool { return true })
}

func (ev *Context) runWhile(ctx context.Context, more func() bool) error {
	ev.enter()
	if ev.level > 0 {
		return ErrNested
	}
	stop := context.AfterFunc(ctx, func() { ev.Post(func() {}) })
	defer stop()
	for more() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := ev.LoopOnce(); err != nil {
			return err
		}
	}
	return nil
}

// Wait runs turns until r has ended and returns its outcome: the last line of
// many a main. Source: tevent_req_poll and a _recv function.
func Wait[T any](ev *Context, r Req[T]) (T, error) {
	for r.InProgress() {
		if err := ev.LoopOnce(); err != nil && r.InProgress() {
			var zero T
			return zero, err
		}
	}
	return r.Result()
}
