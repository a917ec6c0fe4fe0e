package main

import (
	"context"
	"net/netip"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var one = []byte{1}

// loopback is a port that the system chooses.
var loopback = tsocket.Inet(netip.MustParseAddrPort("127.0.0.1:0"))

// outcome runs the loop until r has ended and is its error.
func outcome[T any](ev *tevent.Context, r tevent.Req[T]) error {
	_, err := tevent.Wait(ev, r)
	return err
}

// pair is the error of f with two connected streams.
func pair(ev *tevent.Context, f func(a, b *tsocket.Stream) error) error {
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	return f(a, b)
}

// reading is the error of a read of two bytes from a, while f happens.
func reading(ev *tevent.Context, f func(a, b *tsocket.Stream, r tevent.Req[int])) error {
	return pair(ev, func(a, b *tsocket.Stream) error {
		r := a.Readv(make([]byte, 2))
		f(a, b, r)
		return outcome(ev, r)
	})
}

// waiting is finished by somebody else.
type waiting struct {
	tevent.Op[tevent.None]
}

func wait(ev *tevent.Context) *waiting {
	w := &waiting{}
	w.Start(ev, "wait")
	return w
}

// awaited is the error of an Await on a goroutine of its own.
func awaited(ctx context.Context, ev *tevent.Context) error {
	w := wait(ev)
	go func() {
		_, err := tevent.Await(ctx, ev, func() tevent.Req[tevent.None] { return tevent.Sleep(ev, time.Hour) })
		ev.Post(func() { w.Fail(err) })
	}()
	return outcome(ev, w.Req())
}
