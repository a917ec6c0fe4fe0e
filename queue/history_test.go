package queue_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

// history is one run: the queue under test beside the model.
type history struct {
	ev    *tevent.Context
	q     *queue.Queue
	m     naive
	rng   *rand.Rand
	jobs  []*modelJob // all whose request has not ended
	began []int
	next  int
}

// modelJob is a job with a number.
type modelJob struct {
	tevent.Op[int]
	queue.Entry
	h      *history
	id     int
	claims int  // how many its trigger claims
	quick  bool // its trigger finishes it
	late   bool // dropped at work: only its implementer is left
}

func (j *modelJob) begin() {
	j.h.began = append(j.h.began, j.id)
	left := j.claims
	for next := range queue.Batch(j) {
		if left < 0 {
			break
		}
		left--
		next.Claim()
	}
	if j.quick {
		j.Done(j.id)
	}
}

func (h *history) run() string {
	for step := range 300 {
		what := h.step()
		switch {
		case !slices.Equal(h.began, h.m.began):
			return fmt.Sprintf("step %d, %s: begun %v, want %v", step, what, h.began, h.m.began)
		case h.q.Length() != len(h.m.entries) || h.q.Bytes() != h.m.bytes():
			return fmt.Sprintf("step %d, %s: %s, want %d entries, %d bytes", step, what, h.q, len(h.m.entries), h.m.bytes())
		}
		for _, j := range h.jobs {
			if got, want := j.State(), h.m.states[j.id]; got != want {
				return fmt.Sprintf("step %d, %s: job %d is %s, want %s", step, what, j.id, got, want)
			}
		}
	}
	return ""
}

// step does one random thing to both.
func (h *history) step() string {
	switch n := h.rng.IntN(100); {
	case n < 30:
		return h.add()
	case n < 50:
		if err := h.ev.LoopOnce(); err != nil {
			return err.Error()
		}
		h.m.turn()
		return "turn"
	case n < 94 && len(h.jobs) > 0:
		j := h.jobs[h.rng.IntN(len(h.jobs))]
		if h.rng.IntN(2) == 0 {
			j = h.jobs[0]
		}
		return fmt.Sprint(h.touch(j), " ", j.id)
	case n < 96:
		h.q.Stop()
		h.m.stopped = true
		return "stop"
	case n < 99:
		h.q.Start()
		h.m.stopped = false
		return "start"
	default:
		h.q.Fail(errTest)
		h.m.fail()
		return "fail"
	}
}

func (h *history) add() string {
	h.next++
	j := &modelJob{h: h, id: h.next, claims: h.rng.IntN(4), quick: h.rng.IntN(3) == 0}
	e := &naiveEntry{id: j.id, claims: j.claims, quick: j.quick, size: h.rng.IntN(6), blocker: h.rng.IntN(8) == 0}
	if key := h.rng.IntN(3); key > 0 {
		e.key = key
		j.SetBatch(key)
	}
	j.Start(h.ev, "model")
	h.jobs = append(h.jobs, j)
	switch optimize := h.rng.IntN(3) == 0; {
	case e.blocker:
		queue.Add[*modelJob](h.q, j, e.size, nil)
		h.m.add(e, false)
	case optimize:
		queue.AddOptimizeEmpty(h.q, j, e.size, (*modelJob).begin)
		h.m.add(e, true)
	default:
		queue.Add(h.q, j, e.size, (*modelJob).begin)
		h.m.add(e, false)
	}
	return fmt.Sprintf("add %+v", *e)
}

// touch does one thing to a job.
func (h *history) touch(j *modelJob) string {
	switch n := h.rng.IntN(10); {
	case j.late:
		j.Done(0)
		h.forget(j)
		return "late"
	case j.InProgress() && n < 4:
		if h.rng.IntN(4) == 0 {
			j.Fail(errTest)
			h.m.finish(j.id, tevent.StateFailed)
			return "fail"
		}
		j.Done(j.id)
		h.m.finish(j.id, tevent.StateDone)
		return "done"
	case j.InProgress() && n < 6:
		j.Req().Cancel()
		h.m.cancel(j.id)
		return "cancel"
	case j.InProgress() && n < 7:
		return h.untrigger(j)
	case j.InProgress() && n < 8:
		j.Leave()
		h.m.remove(j.id)
		return "leave"
	case n < 5:
		return h.receive(j)
	case n == 9:
		return h.drop(j)
	}
	return "nothing"
}

// forget is for a job that has become free.
func (h *history) forget(j *modelJob) {
	h.m.remove(j.id)
	h.jobs = slices.DeleteFunc(h.jobs, func(o *modelJob) bool { return o == j })
}

// drop frees a job that waits or has finished; one at work is free when its
// implementer has let go.
func (h *history) drop(j *modelJob) string {
	j.late = j.InProgress() && !h.m.waits(j.id)
	j.Req().Drop()
	if j.late {
		h.m.states[j.id] = tevent.StateFailed
	} else {
		h.forget(j)
	}
	return "drop"
}

func (h *history) untrigger(j *modelJob) string {
	if !h.m.stopped || !h.m.isHeadAtWork(j.id) {
		return "nothing"
	}
	j.Untrigger()
	h.m.untrigger()
	return "untrigger"
}

// receive takes an outcome and compares it.
func (h *history) receive(j *modelJob) string {
	v, err := j.Req().Result()
	if want := h.m.errs[j.id]; !errors.Is(err, want) || want == nil && (v != j.id || err != nil) {
		h.began = append(h.began, -j.id) // parts them
		return fmt.Sprintf("result %d, %v, want %v of", v, err, want)
	}
	h.forget(j)
	return "receive"
}

// end finishes whatever is left.
func (h *history) end() {
	for _, j := range h.jobs {
		j.Leave()
		if j.InProgress() || j.late {
			j.Done(0)
		}
		j.Req().Drop()
	}
}
