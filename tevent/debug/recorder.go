package debug

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// phase is what a loop does.
type phase uint8

const (
	outside phase = iota // nobody runs it at the moment
	working              // in a turn, between callbacks or in one that is not traced
	calling              // in a traced callback
	waiting              // asks the system, and may sleep
)

var phaseNames = [...]string{"outside", "working", "callback", "waiting"}

// after is how many turns are traced in full at first after one that was slow, so
// that what comes again gets a name.
const after = 256

// share is how many turns each such turn stands for at least, for on a machine that
// holds loops up by itself there is no callback to be found.
const share = 16

// recorder is the trace function of one context.
type recorder struct {
	former  func(*tevent.TraceEvent) // immutable; nil: nobody
	publish func()                   // immutable; see refresh
	slow    time.Duration            // immutable
	sample  int                      // one turn in so many is traced in full; immutable

	until atomic.Int64 // turns that begin before are traced in full

	// Owned by the loop.
	fresh  time.Duration // when publish was last called
	next   int           // turns until one is traced in full
	full   int           // turns that are traced in full still
	rest   int           // turns until more of them may be
	misses int           // slow turns whose callback was not seen, one after the other
	quiet  time.Duration // until then that leads to nothing
	keep   bool          // the present one is

	// What has been told. It is guarded by mu, so that a loop that does not
	// answer can still be looked at; an event costs 40 ns here.
	mu       sync.Mutex
	ring     ring
	minute   minute
	latency  histogram // since the start
	callback histogram
	turns    uint64
	phase    phase
	since    time.Duration // of the phase; the loop reads it without mu
	woke     time.Duration // the last answer of the system
	open     []opened      // callbacks under way, the outermost first
	slows    slows
	named    bool // a slow callback of the present stretch has been noted
}

// opened is a callback that has not returned.
type opened struct {
	name  string
	kind  tevent.Kind
	id    uint64
	since time.Duration
	inner time.Duration // spent in callbacks inside of it
}

// trace is told by the loop.
func (r *recorder) trace(e *tevent.TraceEvent) {
	if e.Point == tevent.BeforeWait {
		r.refresh(e.At)
	}
	text := ""
	if r.keep && e.Err != nil {
		text = clip(e.Err.Error())
	}
	r.mu.Lock()
	if r.keep {
		r.ring.put(entry{e.At, e.ID, e.Parent, e.Name, text, int32(e.FD), e.Point, e.Kind})
	}
	r.note(e)
	r.mu.Unlock()
	if r.former != nil {
		r.former(e)
	}
}

// refresh publishes the state of the loop each second, so that one that gets
// stuck before anybody looks has left something to show.
func (r *recorder) refresh(now time.Duration) {
	if now-r.fresh >= time.Second {
		r.fresh = now
		r.publish()
	}
}

// note keeps the figures.
func (r *recorder) note(e *tevent.TraceEvent) {
	switch e.Point {
	case tevent.BeforeTurn:
		r.become(working, e.At)
	case tevent.BeforeWait:
		r.stretch(e.At)
		r.become(waiting, e.At)
	case tevent.AfterWait:
		r.woke, r.named = e.At, false
		r.open = r.open[:0] // a panic may have left some
		r.become(working, e.At)
	case tevent.AfterTurn:
		r.become(outside, e.At)
	case tevent.BeforeHandler:
		r.open = append(r.open, opened{e.Name, e.Kind, e.ID, e.At, 0})
		r.become(calling, e.At)
	case tevent.AfterHandler:
		r.returned(e.At)
	}
}

func (r *recorder) become(p phase, at time.Duration) { r.phase, r.since = p, at }

// stretch notes how long the system was not asked: so long may an event have
// waited for its callback.
func (r *recorder) stretch(now time.Duration) {
	s := r.minute.at(now)
	s.turns++
	r.turns++
	if r.woke == 0 {
		return // the first one began before it was watched
	}
	took := now - r.woke
	s.busy += took
	s.latency.add(took)
	r.latency.add(took)
	if took >= r.slow && !r.named {
		r.slows.put("turn", tevent.KindTurn, 0, took, now)
		r.search(now)
	}
}

// search has the turns to come traced in full, twice as many each time, until a
// slow callback has been seen; then not for a minute.
func (r *recorder) search(now time.Duration) {
	if now >= r.quiet && r.rest == 0 {
		r.full = after<<r.misses + 1
		r.rest = r.full * share
		r.misses = min(r.misses+1, 8)
	}
}

// returned ends the innermost callback. Its time is what it spent itself.
func (r *recorder) returned(now time.Duration) {
	n := len(r.open) - 1
	if n < 0 {
		return
	}
	o := r.open[n]
	r.open = r.open[:n]
	r.become(working, now)
	if n > 0 {
		r.open[n-1].inner += now - o.since
		r.become(calling, r.open[n-1].since)
	}
	took := now - o.since - o.inner
	r.minute.at(now).callback.add(took)
	r.callback.add(took)
	if took >= r.slow {
		r.named, r.misses, r.quiet = true, 0, now+time.Minute
		r.slows.put(o.name, o.kind, o.id, took, now)
	}
}

// whole says whether the turn that begins is traced in full: one in so many,
// those after a slow one, and those that are recorded.
func (r *recorder) whole() bool {
	r.next--
	r.full = max(r.full-1, 0)
	r.rest = max(r.rest-1, 0)
	r.keep = r.next <= 0 || r.full > 0 || int64(r.since) < r.until.Load()
	if r.next <= 0 {
		r.next = r.sample
	}
	return r.keep
}

// record lets every turn that begins before until be traced in full; somebody
// else may want it for longer.
func (r *recorder) record(until time.Duration) {
	for old := r.until.Load(); old < int64(until) && !r.until.CompareAndSwap(old, int64(until)); old = r.until.Load() {
	}
}

// clip bounds the text of an error.
func clip(s string) string { return s[:min(len(s), 200)] }
