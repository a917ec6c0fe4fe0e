package queue_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// gather finishes the whole batch of a quick job.
func (j *quick) gather() {
	for next := range queue.Batch(j) {
		next.Claim()
		next.Done(1)
	}
}

// steady runs the same jobs through a queue again and again, untracked.
type steady struct {
	ev   *tevent.Context
	q    *queue.Queue
	jobs []*quick
}

func newSteady(t *testing.T) *steady {
	ev := teventtest.Open(t)
	t.Cleanup(func() { ev.Close() })
	s := &steady{ev: ev, q: queue.New(ev, "steady")}
	for range 10 {
		s.jobs = append(s.jobs, s.job())
	}
	return s
}

func (s *steady) job() *quick {
	j := &quick{}
	j.SetBatch(s.q)
	return j
}

func (s *steady) add(trigger func(*quick)) {
	for _, j := range s.jobs {
		j.Start(s.ev, "quick")
		queue.Add(s.q, j, 1, trigger)
		j.Req().SetCallback(received)
	}
}

// allocs is what one cycle allocates on average.
func (s *steady) allocs(cycle func()) float64 {
	return testing.AllocsPerRun(100, func() {
		cycle()
		for !s.ended() {
			s.ev.LoopOnce()
		}
	})
}

func (s *steady) ended() bool {
	for _, j := range s.jobs {
		if j.State() != tevent.StateFree {
			return false
		}
	}
	return s.q.Length() == 0
}

func TestQueuedWorkAllocNothingInSteadyState(t *testing.T) {
	s := newSteady(t)
	for _, c := range []struct {
		name  string
		cycle func()
	}{
		{"one by one", func() { s.add((*quick).begin) }},
		{"claimed", func() { s.add((*quick).gather) }},
		{"blockers", func() {
			s.add(nil)
			for _, j := range s.jobs {
				j.Done(1)
			}
		}},
		{"cancelled", func() {
			s.add((*quick).begin)
			for _, j := range s.jobs {
				j.Req().Cancel()
			}
		}},
		{"at once", func() {
			for _, j := range s.jobs {
				j.Start(s.ev, "quick")
				queue.AddOptimizeEmpty(s.q, j, 1, (*quick).begin)
				j.Req().Result()
			}
		}},
	} {
		if got := s.allocs(c.cycle); got != 0 {
			t.Errorf("%s: %v allocations", c.name, got)
		}
	}
}

// The negative control of the test above: a job's first life allocates the job
// and its two hooks.
func TestFirstLifeAllocHooksOnce(t *testing.T) {
	s := newSteady(t)
	got := s.allocs(func() {
		s.jobs[0] = s.job()
		s.add((*quick).begin)
	})
	if got != 3 {
		t.Errorf("%v allocations", got)
	}
}
