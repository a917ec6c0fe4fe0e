package main

import (
	"context"
	"time"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// What this side does.

func deadline(ev *tevent.Context) error {
	return reading(ev, func(_, _ *tsocket.Stream, r tevent.Req[int]) { r.SetTimeout(time.Millisecond) })
}

func cancelled(ev *tevent.Context) error {
	return reading(ev, func(_, _ *tsocket.Stream, r tevent.Req[int]) { r.Cancel() })
}

func contextDeadline(ev *tevent.Context) error {
	ctx, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	return awaited(ctx, ev)
}

func contextCancel(ev *tevent.Context) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	time.AfterFunc(time.Millisecond, func() { cancel(errCause) })
	return awaited(ctx, ev)
}

func closedStream(ev *tevent.Context) error {
	return reading(ev, func(a, _ *tsocket.Stream, _ tevent.Req[int]) { a.Close() })
}

func closedBefore(ev *tevent.Context) error {
	return pair(ev, func(a, _ *tsocket.Stream) error {
		a.Close()
		return outcome(ev, a.Readv(make([]byte, 1)))
	})
}

func closedListener(ev *tevent.Context) error {
	l, err := tsocket.Listen(ev, loopback)
	if err != nil {
		return err
	}
	accept := l.Accept()
	l.Close()
	return outcome(ev, accept)
}

func closedListenerBefore(ev *tevent.Context) error {
	l, err := tsocket.Listen(ev, loopback)
	if err != nil {
		return err
	}
	l.Close()
	return outcome(ev, l.Accept())
}

func closedContext(ev *tevent.Context) error {
	sleep := tevent.Sleep(ev, time.Hour)
	ev.Close()
	return outcome(ev, sleep)
}

func closedContextBefore(ev *tevent.Context) error {
	ev.Close()
	return outcome(ev, tevent.Sleep(ev, 0))
}

func closedQueue(ev *tevent.Context) error {
	q := queue.New(ev, "closed")
	q.Close()
	return outcome(ev, q.Wait())
}

func closedQueueMeanwhile(ev *tevent.Context) error {
	q := queue.New(ev, "closing")
	q.Stop()
	turn := q.Wait()
	q.Close()
	return outcome(ev, turn)
}

func panicked(ev *tevent.Context) error {
	ev.OnPanic(func(*tevent.PanicError) bool { return true })
	w := wait(ev)
	tevent.Sleep(ev, 0).Then(w, func(tevent.None) { panic("a step") })
	return outcome(ev, w.Req())
}
