package queue_test

import (
	"fmt"
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// traceEntries notes what the trace is told of entries.
func (f *fixture) traceEntries() {
	f.ev.SetTrace(func(e *tevent.TraceEvent) {
		if e.Kind == tevent.KindEntry {
			f.note(fmt.Sprintf("%s %s %d", e.Point, e.Name, e.Tag))
		}
	})
}

func TestTraceTellsTheStayOfAnEntry(t *testing.T) {
	f := setUp(t)
	f.traceEntries()
	a := f.add("a")[0]
	b := f.silent("b")
	b.SetTag(7)
	queue.Add(f.q, b, 1, (*job).begin)
	if a.Tag() != 0 || b.Tag() != 7 {
		t.Fatal(a.Tag(), b.Tag())
	}
	f.want("attach test 0", "attach test 7")
	a.SetTag(5)
	a.then = func() { a.Done(1) }
	f.turn()
	f.want("before handler test 5", "a begins", "after handler test 5", "detach test 5", "a=1",
		"before handler test 7", "b begins", "after handler test 7")
	b.Done(1)
	b.Req().Drop()
	f.want("detach test 7")
	f.finish()
}

func TestTraceDetachesEachEntryOnce(t *testing.T) {
	f := setUp(t)
	attached, detached := 0, 0
	f.ev.SetTrace(func(e *tevent.TraceEvent) {
		switch {
		case e.Kind != tevent.KindEntry:
		case e.Point == tevent.Attach:
			attached++
		case e.Point == tevent.Detach:
			detached++
		}
	})
	jobs := f.batch("key", "removed", "claims", "claimed")
	jobs[0].Req().Drop()
	jobs[1].then = func() { jobs[2].Claim(); jobs[2].Leave() }
	direct := f.silent("leaves in its trigger")
	direct.then = direct.Leave
	queue.Add(f.q, direct, 1, (*job).begin)
	rest := f.silent("replaces")
	f.turn()
	queue.Replace(jobs[1], rest, 1, (*job).begin)
	hold := f.q.Wait()
	rest.Done(1)
	f.q.Close()
	f.turn()
	hold.Drop()
	f.finish()
	if attached != 6 || detached != attached {
		t.Fatal(attached, "attached", detached, "detached")
	}
}

// A Hold that is out when the context is closed is detached with it.
func TestTraceDetachesAHoldOfAClosedContext(t *testing.T) {
	f := setUp(t)
	f.traceEntries()
	r := f.q.Wait()
	f.turn()
	hold, err := r.Result()
	if err != nil {
		t.Fatal(err)
	}
	f.want("attach test 0", "before handler test 0", "after handler test 0")
	_ = f.ev.Close()
	f.want("detach test 0")
	hold.Release()
	f.want()
}
