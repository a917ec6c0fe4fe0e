package debug

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// chromeTrace is a file in Chrome's trace event format. Source: "Trace Event
// Format", Google, the JSON object form.
type chromeTrace struct {
	Events []chromeEvent `json:"traceEvents"`
	Unit   string        `json:"displayTimeUnit"`
}

// chromeEvent is one event: M names a thread, B and E begin and end a slice of a
// thread, b, n and e begin, mark and end a slice of its own, a request.
type chromeEvent struct {
	Name  string      `json:"name"`
	Cat   string      `json:"cat,omitempty"`
	Phase string      `json:"ph"`
	At    float64     `json:"ts"` // microseconds
	PID   int         `json:"pid"`
	TID   int         `json:"tid"`
	ID    string      `json:"id,omitempty"`
	Args  *chromeArgs `json:"args,omitempty"`
}

// chromeArgs is what is shown beside an event.
type chromeArgs struct {
	Name   string `json:"name,omitempty"` // of a thread or the process
	ID     uint64 `json:"id,omitempty"`
	Parent uint64 `json:"parent,omitempty"`
	FD     *int32 `json:"fd,omitempty"`
	Error  string `json:"error,omitempty"`
	Note   string `json:"note,omitempty"`
}

const (
	noteBegan = "began before this trace or in a turn that was not traced"
	noteEnded = "its end is not in this trace"
)

// maxRecord is how long a trace is recorded at most.
const maxRecord = 30 * time.Second

// recording is for how long somebody wants to record; 0 if he does not say.
func recording(seconds string) (d time.Duration, ok bool) {
	if seconds == "" {
		return 0, true
	}
	s, err := strconv.ParseFloat(seconds, 64)
	if err != nil || !(s > 0) { // nor is NaN
		return 0, false
	}
	return min(time.Duration(min(s, 1e6)*float64(time.Second)), maxRecord), true
}

// trace is what was recorded so far, for d in which every turn is traced in
// full.
func (h *Handler) trace(ctx context.Context, d time.Duration) chromeTrace {
	all := h.all()
	if d > 0 {
		for _, w := range all {
			w.rec.record(w.ev.Now().Sub(w.born) + d)
		}
		ctx, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		<-ctx.Done()
	}
	return chrome(all)
}

// chrome is what the contexts' rings hold, a thread for each context, on one
// clock that starts when the oldest context was made.
func chrome(all []*watch) chromeTrace {
	t := chromeTrace{[]chromeEvent{{Name: "process_name", Phase: "M", PID: 1, Args: &chromeArgs{Name: "tsocket"}}}, "ms"}
	for i, w := range all {
		w.rec.mu.Lock()
		entries := w.rec.ring.all()
		w.rec.mu.Unlock()
		th := &thread{out: &t.Events, tid: i + 1, offset: w.born.Sub(oldest(all)), index: map[uint64]int{}}
		th.meta(w.name)
		for _, e := range entries {
			th.put(e)
		}
		th.finish(w.ev.Now().Sub(w.born), w.whole)
	}
	return t
}

// oldest is when the oldest context was made.
func oldest(all []*watch) time.Time {
	first := all[0].born
	for _, w := range all {
		if w.born.Before(first) {
			first = w.born
		}
	}
	return first
}

// emit appends one event of the thread.
func (t *thread) emit(e chromeEvent, at time.Duration) {
	e.PID, e.TID = 1, t.tid
	e.At = float64(at+t.offset) / 1e3
	*t.out = append(*t.out, e)
}

func (t *thread) meta(name string) {
	t.emit(chromeEvent{Name: "thread_name", Phase: "M", Args: &chromeArgs{Name: name}}, -t.offset)
}

// asyncID is unique in the file.
func (t *thread) asyncID(id uint64) string { return fmt.Sprintf("%d.%d", t.tid, id) }
