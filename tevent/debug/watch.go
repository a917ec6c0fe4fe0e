package debug

import (
	"context"
	"sync"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// watch is one context that is shown.
type watch struct {
	name  string          // immutable
	ev    *tevent.Context // immutable
	rec   *recorder       // immutable
	born  time.Time       // immutable; when the context's clock was 0
	whole bool            // immutable; every turn is traced in full

	// What the loop has said. Guarded by mu.
	mu     sync.Mutex
	last   *snapshot     // nil: nothing yet
	said   time.Time     // when it said so
	asked  time.Time     // when it was asked and has not answered yet
	answer chan struct{} // closed by the answer; nil: it was not asked since
	closed bool
}

// newWatch begins to watch ev.
func newWatch(name string, ev *tevent.Context, c Config) *watch {
	rec := &recorder{sample: c.Sample, keep: true, slow: c.Slow, ring: ring{buf: make([]entry, c.Events)}}
	rec.former = ev.SetTrace(rec.trace)
	whole := rec.former != nil || c.Sample == 1
	if !whole {
		ev.SetSampling(rec.whole)
	}
	if c.Places {
		ev.SetTracking(true)
	}
	w := &watch{name: name, ev: ev, rec: rec, born: ev.Driver().Kernel.Start(), whole: whole}
	rec.publish = w.publish
	w.publish()
	return w
}

// leave ends the watch on the loop.
func (w *watch) leave() {
	w.ev.SetTrace(w.rec.former)
	if !w.whole {
		w.ev.SetSampling(nil)
	}
}

// ask asks the loop for its state, unless it was asked before and has not
// answered yet, and returns what is closed when it has answered; nil if it cannot.
func (w *watch) ask() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answer != nil || w.closed {
		return w.answer
	}
	w.asked = w.ev.Now()
	w.answer = make(chan struct{})
	if !w.ev.Post(w.tell) {
		w.closed, w.answer = true, nil
		return nil
	}
	return w.answer
}

// publish is called on the loop.
func (w *watch) publish() {
	s, now := look(w.ev), w.ev.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.said = s, now
}

// tell is the loop's answer.
func (w *watch) tell() {
	w.publish()
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.answer)
	w.answer = nil
}

// await waits until the loops have answered, or ctx is done.
func await(ctx context.Context, answers []<-chan struct{}) {
	for _, a := range answers {
		if a == nil {
			continue
		}
		select {
		case <-a:
		case <-ctx.Done():
			return
		}
	}
}

// silence is for how long the loop owes an answer; 0 if it does not.
func (w *watch) silence(now time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answer == nil {
		return 0
	}
	return now.Sub(w.asked)
}
