package tevent_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestPostIsFIFO(t *testing.T) {
	ev := newContext(t)
	var s []int
	for i := range 1000 {
		ev.Post(func() { s = append(s, i) })
		if i%100 == 0 {
			turn(t, ev)
		}
	}
	for range 5 {
		turn(t, ev)
	}
	for i := range 1000 {
		if len(s) != 1000 || s[i] != i {
			t.Fatal(len(s), i)
		}
	}
}

// Each goroutine's functions keep their order, and each of them runs.
func TestPostFromManyGoroutinesWakesTheLoop(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1) // a lost wake-up would hang
	const posters, each = 8, 2000
	last := [posters]int{}
	done := start(ev, "all")
	left := posters * each
	var all sync.WaitGroup
	for p := range posters {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 1; i <= each; i++ {
				if !ev.Post(func() {
					if last[p] != i-1 {
						t.Errorf("poster %d: %d after %d", p, i, last[p])
					}
					last[p] = i
					if left--; left == 0 {
						done.Done(1)
					}
				}) {
					t.Error("refused")
				}
			}
		}()
	}
	if _, err := tevent.Wait(ev, done.Req()); err != nil {
		t.Fatal(err)
	}
	all.Wait()
}

func TestPostWakesASleepingLoop(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	for range 100 {
		ran := false
		go ev.Post(func() { ran = true })
		for !ran { // the loop has nothing else that would wake it
			turn(t, ev)
		}
	}
}

func TestPostInsideACallbackRunsLater(t *testing.T) {
	ev := newContext(t)
	var s steps
	ev.Post(func() {
		ev.Post(s.adder("second"))
		s.add("first")
	})
	turn(t, ev)
	turn(t, ev)
	s.want(t, "first", "second")
}

func TestPostIsRefusedAfterClose(t *testing.T) {
	ev := newContext(t)
	var mu sync.Mutex
	accepted, ran := 0, 0
	var all sync.WaitGroup
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			for ev.Post(func() { ran++ }) {
				mu.Lock()
				accepted++
				mu.Unlock()
			}
		}()
	}
	for ran < 100 {
		turn(t, ev)
	}
	closeNow(t, ev)
	all.Wait() // each saw false
	if ran != accepted {
		t.Fatalf("%d ran of %d accepted", ran, accepted)
	}
}

func TestNestedLoopIsRefused(t *testing.T) {
	ev := newContext(t)
	other := newContext(t)
	j := start(ev, "job")
	var errs []error
	ev.Post(func() {
		_, err := tevent.Wait(ev, j.Req())
		errs = append(errs, ev.LoopOnce(), ev.LoopWait(), ev.Run(context.Background()), err)
		if err := other.LoopOnce(); err != nil { // another loop is no nesting
			t.Error(err)
		}
	})
	turn(t, ev)
	for i, err := range errs {
		if !errors.Is(err, tevent.ErrNested) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if len(errs) != 4 {
		t.Fatal(errs)
	}
	turn(t, ev) // the level is intact
	ev.Post(func() { errs = append(errs, ev.LoopOnce()) })
	turn(t, ev)
	if !errors.Is(errs[4], tevent.ErrNested) {
		t.Fatal(errs)
	}
	j.Done(1)
	j.Req().Drop()
}

func TestLoopWaitOfNothingIsRefusedInsideACallback(t *testing.T) {
	ev := newContext(t)
	var a, b error
	ev.Post(func() { a, b = ev.LoopWait(), ev.Run(context.Background()) })
	turn(t, ev)
	if !errors.Is(a, tevent.ErrNested) || !errors.Is(b, tevent.ErrNested) {
		t.Fatal(a, b)
	}
}

func TestWaitTimeoutBoundsTheSleep(t *testing.T) {
	w, ev := newWorld(t)
	timer := timerAt(ev, time.Hour, func() {})
	defer timer.Stop()
	if old := ev.SetWaitTimeout(time.Second); old >= 0 {
		t.Fatal(old)
	}
	before := ev.Now()
	turn(t, ev)
	if d := ev.Now().Sub(before); d != time.Second {
		t.Fatal(d)
	}
	if old := ev.SetWaitTimeout(0); old != time.Second {
		t.Fatal(old)
	}
	turn(t, ev)
	if len(w.sleeps) != 1 {
		t.Fatal("0 sleeps never")
	}
	ev.SetWaitTimeout(-1)
	turn(t, ev)
	if d := ev.Now().Sub(before); d != time.Hour {
		t.Fatal(d)
	}
}
