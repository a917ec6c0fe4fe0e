package tsockettest

import (
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// scene is the test that a guarantee is shown in, and its context.
type scene struct {
	testing.TB
	ev *tevent.Context
}

// stage is a scene with whatever is on it.
type stage interface {
	testing.TB
	loop() *tevent.Context
	is(err error, targets ...error)
}

func (p *scene) loop() *tevent.Context { return p.ev }

// patience bounds every wait, so that a broken promise fails and does not hang.
const patience = time.Minute

// wait runs the loop until r has ended.
func wait[T any](p stage, r tevent.Req[T]) (T, error) {
	p.Helper()
	return tevent.Wait(p.loop(), r.SetTimeout(patience))
}

// get is wait for what has to succeed.
func get[T any](p stage, r tevent.Req[T]) T {
	p.Helper()
	v, err := wait(p, r)
	if err != nil {
		p.Fatal(err)
	}
	return v
}

// fails is wait for what has to fail with every one of targets.
func fails[T any](p stage, r tevent.Req[T], targets ...error) T {
	p.Helper()
	v, err := wait(p, r)
	p.is(err, targets...)
	return v
}

func (p *scene) is(err error, targets ...error) {
	p.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			p.Fatalf("the error is %v, want %v", err, target)
		}
	}
}

// turns runs the loop n times, each without sleeping longer than 1 ms.
func (p *scene) turns(n int) {
	p.Helper()
	old := p.ev.SetWaitTimeout(time.Millisecond)
	for range n {
		if err := p.ev.LoopOnce(); err != nil {
			p.Fatal(err)
		}
	}
	p.ev.SetWaitTimeout(old)
}

// until runs the loop until ok holds.
func (p *scene) until(what string, ok func() bool) {
	p.Helper()
	for range 20000 {
		if ok() {
			return
		}
		p.turns(1)
	}
	p.Fatalf("never: %s", what)
}

// idle lets the loop run with nobody waiting.
func (p *scene) idle() { p.turns(5) }

// kept is the outcome of a request that ends while others are waited for.
type kept struct {
	p    *scene
	done bool
	n    int
	err  error
}

// keep takes the outcome of r when it is there.
func (p *scene) keep(r tevent.Req[int]) *kept {
	k := &kept{p: p}
	r.SetCallback(func(r tevent.Req[int]) {
		k.n, k.err = r.Result()
		k.done = true
	})
	return k
}

// wait runs the loop until the outcome is there.
func (k *kept) wait() (int, error) {
	k.p.Helper()
	k.p.until("a request ends", func() bool { return k.done })
	return k.n, k.err
}
