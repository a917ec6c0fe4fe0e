package tevent

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// Group is one event context for each processor, each with its loop on a
// goroutine of its own. Streams are shared out among them by listeners on one
// port (SO_REUSEPORT), or by whoever accepts: it detaches the stream and posts a
// function to another loop, which attaches it.
//
//	g := tevent.NewGroup(0)
//	g.Each(func(i int, ev *tevent.Context) error {
//		l, err := tsocket.ListenConfig{ReusePort: true}.Listen(ev, addr)
//		if err == nil {
//			serve(ev, l)
//		}
//		return err
//	})
//	err := g.Run(ctx)
//
// Its methods are for one goroutine, except what says otherwise.
type Group struct {
	n      int
	create func(i int) (*Context, error) // immutable
	each   []func(i int, ev *Context) error
	all    []*Context // immutable while Run runs
	stop   context.CancelCauseFunc

	mu    sync.Mutex
	quiet int // guarded by mu; loops that have nothing left to do
}

// Why a group ends, beside its failures and its context.
var (
	errQuiet = errors.New("tevent: nothing is left that could happen")
	errLost  = errors.New("tevent: a loop of the group was left by a panic or runtime.Goexit")
)

// NewGroup returns a group of n loops; 0 or less is one for each processor that
// the program uses.
func NewGroup(n int) *Group {
	return NewGroupOn(n, func(int) (*Context, error) { return New() })
}

// NewGroupOn is NewGroup over contexts that create makes; the first one's system
// runs the loops. It is for the simulation and for fault injection in this
// module; programs call NewGroup.
func NewGroupOn(n int, create func(i int) (*Context, error)) *Group {
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return &Group{n: n, create: create}
}

// Each adds what sets up a loop: Run calls f for each loop i, from 0 on in order,
// before any of them runs; f may run turns of its own. If it fails, so does the
// group. Several functions run in the order they were added.
func (g *Group) Each(f func(i int, ev *Context) error) { g.each = append(g.each, f) }

// Size is the number of loops. It is safe from any goroutine.
func (g *Group) Size() int { return g.n }

// Context is the context of loop i while Run runs; its Post hands work over. It
// is for what runs on the loops.
func (g *Group) Context(i int) *Context { return g.all[i] }

// Run makes the contexts, sets them up, runs the loops and closes each on its own
// goroutine at the end, so that what is pending completes with ErrClosed. It
// returns when all have ended: nil when nothing is left that could happen on any
// of them, or each was closed by its own code; the cause when ctx is done; and
// else the first failure of a context, a function of Each or a loop, for which
// the others are asked to close. What goroutines outside of the group post does
// not hold it.
func (g *Group) Run(ctx context.Context) error {
	g.quiet, g.all = 0, nil
	defer g.close()
	if err := g.open(); err != nil {
		return err
	}
	ctx, g.stop = context.WithCancelCause(ctx)
	defer g.stop(nil)
	g.all[0].host.Each(g.n, func(i int) { g.loop(ctx, g.all[i]) })
	if err := context.Cause(ctx); err != errQuiet {
		return err
	}
	return nil
}

// open makes the contexts and sets them up.
func (g *Group) open() error {
	for i := range g.n {
		ev, err := g.create(i)
		if err != nil {
			return err
		}
		g.all = append(g.all, ev)
	}
	for i, ev := range g.all {
		for _, f := range g.each {
			if err := f(i, ev); err != nil {
				return err
			}
		}
	}
	return nil
}

// close closes what has not closed itself.
func (g *Group) close() {
	for _, ev := range g.all {
		_ = ev.Close()
	}
}

// loop is the life of one goroutine.
func (g *Group) loop(ctx context.Context, ev *Context) {
	err := errLost
	defer func() {
		if ev.closed { // by its own code: it has nothing left to do for good
			g.rest()
			return
		}
		_ = ev.Close()
		g.stop(err)
	}()
	err = g.serve(ctx, ev)
}

// serve runs the loop until ctx is done, the context is closed or it fails.
func (g *Group) serve(ctx context.Context, ev *Context) error {
	for {
		if err := ev.Run(ctx); err != nil || ev.closed {
			return err
		}
		g.rest()
		err := ev.rest(ctx)
		g.resume()
		if err != nil {
			return err
		}
	}
}

// rest counts a loop that has nothing left to do. When it is the last, and none
// has mail that it has not looked at, the group ends: a loop takes its mail only
// when it is no longer counted, and nobody else is left to send any.
func (g *Group) rest() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.quiet++
	if g.quiet < g.n {
		return
	}
	for _, ev := range g.all {
		if ev.mailed.Load() {
			return
		}
	}
	g.stop(errQuiet)
}

func (g *Group) resume() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.quiet--
}

// rest sleeps until there is something to do again, or ctx is done; it runs
// nothing.
func (ev *Context) rest(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { ev.Post(func() {}) })
	defer stop()
	ev.worked = false // of the last turn
	for ev.idle() {
		if errno := ev.ask(); errno != 0 {
			return errno
		}
	}
	return nil
}
