//go:build linux

package tevent_test

import (
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// wantNoAlloc runs f until everything has its size, then counts.
func wantNoAlloc(t *testing.T, f func()) {
	t.Helper()
	for range 100 {
		f()
	}
	if n := testing.AllocsPerRun(1000, f); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// quiet is a context without tracking that never sleeps.
func quiet(t testing.TB) *tevent.Context {
	t.Helper()
	ev := newContext(t)
	ev.SetTracking(false)
	return ev
}

func TestAllocRequest(t *testing.T) {
	ev := quiet(t)
	j := &job{}
	sum := 0
	f := func(r tevent.Req[int]) {
		v, _ := r.Result()
		sum += v
	}
	wantNoAlloc(t, func() {
		j.Start(ev, "job")
		j.Req().SetCallback(f)
		j.Done(1)
		turn(t, ev)
	})
	if sum == 0 {
		t.Fatal("no callback")
	}
}

type looper struct {
	tevent.Op[tevent.None]
	sub    job
	thens  int
	others int
}

func (l *looper) then(int)         { l.thens++ }
func (l *looper) other(int, error) { l.others++ }

func TestAllocThenAndHandle(t *testing.T) {
	ev := quiet(t)
	l := &looper{}
	l.Start(ev, "looper")
	wantNoAlloc(t, func() {
		l.sub.Start(ev, "sub")
		tevent.Then(l.sub.Req(), l, (*looper).then)
		l.sub.Done(1)
		turn(t, ev)
		l.sub.Start(ev, "sub")
		tevent.Handle(l.sub.Req(), l, (*looper).other)
		l.sub.Finish(1, errTest)
		turn(t, ev)
	})
	if l.thens == 0 || l.thens != l.others {
		t.Fatal(l.thens, l.others)
	}
	l.Done(tevent.None{})
	l.Req().Drop()
}

func TestAllocDeadlineCancelAndCleanup(t *testing.T) {
	ev := quiet(t)
	j := &job{}
	cancel, cleanup := j.Fail, func(tevent.State) {}
	f := func(r tevent.Req[int]) { _, _ = r.Result() }
	wantNoAlloc(t, func() {
		j.Start(ev, "job")
		j.SetCancel(cancel)
		j.SetCleanup(cleanup)
		j.Req().SetTimeout(time.Hour).SetCallback(f)
		j.Req().Cancel()
		turn(t, ev)
	})
}

func TestAllocTimerImmediateAndPost(t *testing.T) {
	ev := quiet(t)
	n := 0
	timer := tevent.NewTimer(ev, func() { n++ })
	im := tevent.NewImmediate(ev, func() { n++ })
	post := func() { n++ }
	wantNoAlloc(t, func() {
		timer.Reset(time.Hour)
		timer.Stop()
		timer.Reset(0)
		im.Schedule()
		ev.Post(post)
		turn(t, ev)
	})
	if n == 0 {
		t.Fatal("nothing ran")
	}
}

func TestAllocFDEvent(t *testing.T) {
	ev, p := quiet(t), newPair(t)
	n := 0
	watchFD(t, ev, p.a, tevent.FDRead, func(tevent.Flags) { n++ })
	p.send()
	wantNoAlloc(t, func() { turn(t, ev) })
	if n == 0 {
		t.Fatal("nothing ran")
	}
}
