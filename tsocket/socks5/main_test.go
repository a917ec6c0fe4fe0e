package socks5_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait, so that a broken promise fails and does not hang.
const patience = 20 * time.Second

// done is the outcome of what has to succeed.
func done[T any](t testing.TB, ev *tevent.Context, r tevent.Req[T]) T {
	t.Helper()
	v, err := tevent.Wait(ev, r.SetTimeout(patience))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func address(t testing.TB, s string) tsocket.Address {
	t.Helper()
	a, err := tsocket.ParseAddress(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func listen(t testing.TB, ev *tevent.Context, s string) *tsocket.Listener {
	t.Helper()
	l, err := tsocket.Listen(ev, address(t, s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// turns runs the loop n times, each without sleeping longer than 1 ms.
func turns(t testing.TB, ev *tevent.Context, n int) {
	t.Helper()
	defer ev.SetWaitTimeout(ev.SetWaitTimeout(time.Millisecond))
	for range n {
		if err := ev.LoopOnce(); err != nil {
			t.Fatal(err)
		}
	}
}
