package precon_test

import (
	"bytes"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// handmade is an arch whose half is a function of a test.
type handmade struct {
	begin func(o *ownHalf, active bool, ch *precon.Channel)
}

type ownHalf struct {
	tevent.Op[precon.Path]
}

func (handmade) Name() string                       { return "handmade" }
func (handmade) Traits() precon.Traits              { return precon.Traits{} }
func (handmade) Offer(precon.Local) ([]byte, error) { return nil, nil }
func (handmade) Init(precon.Pair) error             { return nil }
func (o *ownHalf) stays(cause error) bool           { return o.Fail(cause) }
func (h handmade) Begin(ev *tevent.Context, p precon.Pair, ch *precon.Channel) tevent.Req[precon.Path] {
	o := &ownHalf{}
	o.Start(ev, "handmade half")
	o.SetCancel(o.stays)
	h.begin(o, p.Active, ch)
	return o.Req()
}

var here = precon.Path{Open: func(boot *tsocket.Stream) *tsocket.Stream { return boot }}

// attempt runs one attempt with it.
func attempt(t *testing.T, begin func(ev *tevent.Context, o *ownHalf, active bool, ch *precon.Channel)) (a, p *outcome) {
	w, ev := newWorld(t, 1)
	h := handmade{func(o *ownHalf, active bool, ch *precon.Channel) { begin(ev, o, active, ch) }}
	a, p = w.meet(ev, endpoint(ev, "a", h), endpoint(ev, "p", h), tsocket.PipeConfig{})
	for _, o := range []*outcome{a, p} {
		if o.conn != nil {
			o.conn.Close()
		}
	}
	idle(t, ev)
	return a, p
}

// result is the outcome of a request that is finished already.
func result[T any](t testing.TB, r tevent.Req[T]) error {
	t.Helper()
	_, err := r.Result()
	return err
}

func TestStepsBeyondTheLimitsAreRefused(t *testing.T) {
	for _, c := range []struct{ size, fit int }{{0, 8}, {100, 8}, {1000, 8}, {2032, 8}, {2040, 7}, {4000, 4}, {16340, 1}, {16384, 0}, {1 << 20, 0}} {
		got := 0
		a, p := attempt(t, func(ev *tevent.Context, o *ownHalf, active bool, ch *precon.Channel) {
			if active {
				n := 0
				for n < 10 && result(t, ch.SendStep(make([]byte, c.size))) == nil {
					n++
				}
				if err := result(t, ch.SendStep(make([]byte, c.size))); err != precon.ErrStepLimit || n != c.fit {
					t.Errorf("%d steps of %d bytes, then %v; want %d", n, c.size, err, c.fit)
				}
				o.Done(here)
				return
			}
			var next func(b []byte, err error)
			next = func(b []byte, err error) {
				if err == nil {
					got++
				}
				if got == c.fit {
					o.Done(here)
					return
				}
				ch.RecvStep().Handle(o, next)
			}
			got--
			next(nil, nil)
		})
		if a.err != nil || p.err != nil || got != c.fit {
			t.Errorf("%v, %v, %d steps of %d bytes arrived", a.err, p.err, got, c.size)
		}
	}
}

func TestSecondRecvStepIsBusyAndTheFirstUndisturbed(t *testing.T) {
	a, p := attempt(t, func(ev *tevent.Context, o *ownHalf, active bool, ch *precon.Channel) {
		first := ch.RecvStep()
		want(t, result(t, ch.RecvStep()), syscall.EBUSY)
		result(t, ch.SendStep([]byte("hello")))
		first.Then(o, func(b []byte) {
			if !bytes.Equal(b, []byte("hello")) {
				t.Errorf("%q", b)
			}
			o.Done(here)
		})
	})
	if a.err != nil || p.err != nil {
		t.Error(a.err, p.err)
	}
}

func TestCancelledRecvStepLosesNothing(t *testing.T) {
	a, p := attempt(t, func(ev *tevent.Context, o *ownHalf, active bool, ch *precon.Channel) {
		first := ch.RecvStep()
		first.Cancel()
		first.Ignore()
		result(t, ch.SendStep([]byte("one")))
		result(t, ch.SendStep([]byte("two")))
		ch.RecvStep().Then(o, func(b []byte) {
			ch.RecvStep().Then(o, func(c []byte) {
				if string(b)+string(c) != "onetwo" {
					t.Errorf("%q %q", b, c)
				}
				o.Done(here)
			})
		})
	})
	if a.err != nil || p.err != nil {
		t.Error(a.err, p.err)
	}
}

// A channel that is kept longer than its half is closed.
func TestChannelEndsWithItsHalf(t *testing.T) {
	var kept []*precon.Channel
	ended := 0
	var on *tevent.Context
	a, p := attempt(t, func(ev *tevent.Context, o *ownHalf, active bool, ch *precon.Channel) {
		on = ev
		kept = append(kept, ch)
		ch.RecvStep().SetCallback(func(r tevent.Req[[]byte]) {
			want(t, result(t, r), precon.ErrHalfOver)
			ended++
		})
		o.Done(here)
	})
	if a.err != nil || p.err != nil {
		t.Error(a.err, p.err)
	}
	if ended != 2 {
		t.Errorf("%d of 2 waiting requests ended", ended)
	}
	for _, ch := range kept {
		want(t, waitErr(t, on, ch.RecvStep()), precon.ErrHalfOver)
		want(t, waitErr(t, on, ch.SendStep(nil)), precon.ErrHalfOver)
	}
}

func TestHalfWithoutAPathIsARefusal(t *testing.T) {
	a, p := attempt(t, func(_ *tevent.Context, o *ownHalf, _ bool, _ *precon.Channel) { o.Done(precon.Path{}) })
	want(t, a.err, precon.ErrNoCommonPath)
	want(t, p.err, precon.ErrNoCommonPath)
}
