package debug

import (
	"context"
	"time"
)

// state is what the page shows; its durations are nanoseconds.
type state struct {
	Contexts []contextState `json:"contexts"`
	Slow     time.Duration  `json:"slow"`   // from here on a callback is slow
	Sample   int            `json:"sample"` // one turn in so many is traced in full
}

// contextState is one context.
type contextState struct {
	Name     string        `json:"name"`
	Status   string        `json:"status"`           // "answers", "silent" or "closed"
	Silent   time.Duration `json:"silent,omitempty"` // for how long it owes an answer
	Stale    time.Duration `json:"stale"`            // since it published what follows from Load on
	Tracking bool          `json:"tracking"`
	Loop     loopState     `json:"loop"`
	Stack    []frame       `json:"stack,omitempty"` // where a silent loop stands
	Load     loadState     `json:"load"`
	Requests []request     `json:"requests"`
	More     bool          `json:"more,omitempty"` // there are more requests
	Queues   []line        `json:"queues"`
	Unlisted int           `json:"unlisted,omitempty"` // queues beyond those
	Held     []held        `json:"held"`
}

// loadState is what waits.
type loadState struct {
	Requests  int            `json:"requests"`
	Completed uint64         `json:"completed"`
	Ready     int            `json:"ready"`
	Posted    int            `json:"posted"`
	Watched   int            `json:"watched"`
	Timers    int            `json:"timers"`
	Due       *time.Duration `json:"due,omitempty"` // until the first timer; below 0 it is late
}

// state asks every loop and waits for the answers, but not for long.
func (h *Handler) state(ctx context.Context) state {
	all := h.all()
	ctx, cancel := context.WithTimeout(ctx, h.config.Wait)
	defer cancel()
	answers := make([]<-chan struct{}, len(all))
	for i, w := range all {
		answers[i] = w.ask()
	}
	await(ctx, answers)
	st := state{Contexts: []contextState{}, Slow: h.config.Slow, Sample: h.config.Sample}
	for _, w := range all {
		st.Contexts = append(st.Contexts, w.state())
	}
	return st
}

// state is what is known of one context.
func (w *watch) state() contextState {
	now := w.ev.Now()
	c := contextState{Name: w.name, Status: "answers", Silent: w.silence(now), Loop: w.rec.state(now.Sub(w.born))}
	s := w.published(&c, now)
	if c.Silent > 0 {
		c.Status = "silent"
		c.Stack = stackOf(w.ev)
		if c.Stack == nil && c.Loop.Phase == phaseNames[working] {
			c.Loop.Phase = phaseNames[outside] // which is not told of turns that are not sampled
		}
	}
	c.Tracking = s.tracking
	c.Requests, c.More = orEmpty(s.requests), s.more
	c.Queues, c.Unlisted = orEmpty(s.queues), s.unlisted
	c.Held = orEmpty(s.held)
	c.Load = loadState{Requests: s.load.Requests, Completed: s.completed, Ready: s.load.Ready,
		Posted: s.load.Posted, Watched: s.load.Watched, Timers: s.load.Timers}
	if s.load.Timers > 0 {
		c.Load.Due = &s.load.Due
	}
	return c
}

// published is the last answer, with its age and whether it is the last of all.
func (w *watch) published(c *contextState, now time.Time) *snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.Stale = now.Sub(w.said)
	if w.closed {
		c.Status = "closed"
	}
	return w.last
}

// orEmpty makes JSON's [] of no slice.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
