package queue_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// Q1, statement 37.
func TestOptimizeEmptyTriggersInsideAddOnlyIfNobodyCouldNotice(t *testing.T) {
	for _, c := range []struct {
		name   string
		queue  func(f *fixture)
		caller func(j *job)
		direct bool
	}{
		{name: "empty, running, unattended", direct: true},
		{name: "callback", caller: func(j *job) { j.Req().SetCallback(j.noteEnd) }},
		{name: "ignored", caller: func(j *job) { j.Req().Ignore() }},
		{name: "stopped", queue: func(f *fixture) { f.q.Stop() }},
		{name: "not empty", queue: func(f *fixture) { f.blocker("x") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := setUp(t)
			if c.queue != nil {
				c.queue(f)
			}
			j := f.silent("a")
			if c.caller != nil {
				c.caller(j)
			}
			queue.AddOptimizeEmpty(f.q, j, 1, (*job).begin)
			if direct := len(f.log) == 1; direct != c.direct {
				t.Errorf("inside Add: %v", f.log)
			}
			f.finish()
		})
	}
}

func TestOptimizeEmptyDoesNotCutInForAnAdoptedRequest(t *testing.T) {
	f := setUp(t)
	p, j := f.job("parent"), f.silent("a")
	j.Req().Then(p, func(v int) { p.Done(v) })
	queue.AddOptimizeEmpty(f.q, j, 1, (*job).begin)
	f.want()
	f.wantNext("a begins")
	j.Done(1)
	f.wantNext("parent=1")
}

// Q1, R1.
func TestOptimizedRequestIsFinishedOnReturnAndItsCallbackRunsFromTheLoop(t *testing.T) {
	f := setUp(t)
	j := f.silent("a")
	j.then = func() { j.Done(7) }
	queue.AddOptimizeEmpty(f.q, j, 1, (*job).begin)
	f.want("a begins")
	if j.State() != tevent.StateDone {
		t.Fatal(j)
	}
	j.Req().SetCallback(j.noteEnd)
	f.want()
	f.wantNext("a=7")
}
