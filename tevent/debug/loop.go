package debug

import "time"

// loopState is what the trace has told about a loop. It is there also while the
// loop does not answer.
type loopState struct {
	Phase     string          `json:"phase"` // "outside" of a turn, "working", "callback" or "waiting"
	Since     time.Duration   `json:"since"` // for how long
	Callback  string          `json:"callback,omitempty"`
	Turns     uint64          `json:"turns"`
	Seconds   []secondState   `json:"seconds"` // the last minute, the oldest first
	Bounds    []time.Duration `json:"bounds"`  // upper bounds of the buckets; the last has none
	Latency   histogramState  `json:"latency"` // from the answer of the system to the next question
	Callbacks histogramState  `json:"callbacks"`
	Slow      []slowState     `json:"slow"` // by name, the last one first
}

// secondState is one second of a loop.
type secondState struct {
	Turns uint64        `json:"turns"`
	Busy  time.Duration `json:"busy"`
	Worst time.Duration `json:"worst"` // latency
}

// histogramState is a histogram of the last minute, with its greatest since the
// start beside it.
type histogramState struct {
	Counts []uint64      `json:"counts"`
	Total  uint64        `json:"total"`
	P50    time.Duration `json:"p50"`
	P99    time.Duration `json:"p99"`
	Max    time.Duration `json:"max"`
	Ever   time.Duration `json:"ever"`
}

// slowState is a slow callback.
type slowState struct {
	Name    string        `json:"name"`
	Kind    string        `json:"kind"` // "turn": its callback is not known
	ID      uint64        `json:"id"`   // the last time
	Times   int           `json:"times"`
	Longest time.Duration `json:"longest"`
	Ago     time.Duration `json:"ago"` // the last time
}

// state is what is known at the instant now of the context's clock.
func (r *recorder) state(now time.Duration) loopState {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := loopState{Phase: phaseNames[r.phase], Since: now - r.since, Turns: r.turns, Bounds: bounds[:], Slow: []slowState{}}
	if n := len(r.open); r.phase == calling && n > 0 {
		s.Callback = r.open[n-1].name
	}
	var latency, callback histogram
	for sec := range r.minute.until(now) {
		s.Seconds = append(s.Seconds, secondState{sec.turns, sec.busy, sec.latency.max})
		latency.merge(&sec.latency)
		callback.merge(&sec.callback)
	}
	s.Latency = latency.state(r.latency.max)
	s.Callbacks = callback.state(r.callback.max)
	for _, o := range r.slows.recent() {
		s.Slow = append(s.Slow, slowState{o.name, o.kind.String(), o.id, o.times, o.longest, now - o.last})
	}
	return s
}

func (h *histogram) state(ever time.Duration) histogramState {
	return histogramState{h.counts[:], h.total, h.quantile(0.5), h.quantile(0.99), h.max, ever}
}
