package tevent

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
)

// waitsForItself is the sentence for who blocks the loop that he waits for.
const waitsForItself = " inside a turn of a loop would wait for itself; use Then or Handle"

// outcome is what a request leaves for a goroutine.
type outcome[T any] struct {
	v   T
	err error
}

// Await is the door for ordinary goroutines: it runs start on the loop and
// blocks until the request has ended, so that all memory is the caller's again.
// If ctx ends first, the request is asked to end as by a deadline, and the
// error is both context.Cause(ctx) and the request's; a result that comes too
// late is released; if nobody runs the loop, start is not
// called; if somebody on the loop drops the request, it ends with ctx and
// ErrStale. It is safe from any goroutine but the one that runs the
// loop, where it panics. Lent slices never go through it.
func Await[T any](ctx context.Context, ev *Context, start func() Req[T]) (T, error) {
	var zero T
	if onLoop() {
		panic("tevent: Await" + waitsForItself)
	}
	if ctx.Err() != nil {
		return zero, context.Cause(ctx)
	}
	ended := make(chan outcome[T], 1)
	var begun atomic.Bool // by the loop, or given up before it came to it
	var req Req[T]        // owned by the loop
	if !ev.Post(func() {
		if begun.CompareAndSwap(false, true) {
			defer func() { receive(req, ended) }() // also when start panics
			req = start()
		}
	}) {
		return zero, ErrClosed
	}
	stop := context.AfterFunc(ctx, func() {
		if begun.CompareAndSwap(false, true) {
			ended <- outcome[T]{zero, context.Cause(ctx)}
			return
		}
		ev.Post(func() {
			if !req.expire(context.Cause(ctx)) {
				lost(req, ended)
			}
		})
	})
	defer stop()
	o := <-ended
	if cause := context.Cause(ctx); o.err != nil && cause != nil && o.err != cause {
		o.err = fmt.Errorf("%w: %w", cause, o.err)
	}
	return o.v, o.err
}

// receive sends the outcome of r to the waiting goroutine.
func receive[T any](r Req[T], ended chan<- outcome[T]) {
	if !r.live() {
		var zero T
		ended <- outcome[T]{zero, r.err()}
		return
	}
	r.SetCallback(func(r Req[T]) {
		v, err := r.Result()
		ended <- outcome[T]{v, err}
	})
}

// lost tells the goroutine about a request that somebody on the loop has dropped
// or received. If its outcome is on the way, that one wins.
func lost[T any](r Req[T], ended chan<- outcome[T]) {
	select {
	case ended <- outcome[T]{err: r.err()}:
	default:
	}
}

// expire ends the request for its caller with the cause; it reports false if
// the request has ended.
func (r Req[T]) expire(cause error) bool {
	if !r.live() {
		return false
	}
	r.op.core.expire(cause)
	return true
}

// onLoop reports whether a turn of some loop is on the caller's stack.
func onLoop() bool {
	var pcs [64]uintptr
	context := module() + "tevent.(*Context)."
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		if n == 0 {
			return false
		}
		frames := runtime.CallersFrames(pcs[:n])
		for more := true; more; {
			var f runtime.Frame
			f, more = frames.Next()
			if m, ok := strings.CutPrefix(f.Function, context); ok && (m == "LoopOnce" || m == "Close") {
				return true
			}
		}
	}
}
