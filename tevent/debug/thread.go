package debug

import (
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// thread turns the entries of one context into events: slices that nest, of
// which each that begins ends, whatever the ring has forgotten.
type thread struct {
	out    *[]chromeEvent
	tid    int
	offset time.Duration // of the context's clock

	began time.Duration // the first entry
	any   bool
	open  []slice        // on the loop's stack, the outermost first
	live  []life         // requests, in the order of their first mention
	index map[uint64]int // where in live, by ID
}

// slice is something on the stack of a loop.
type slice struct {
	kind tevent.Kind
	name string
	id   uint64
}

// life is a request on its way.
type life struct {
	id    uint64
	name  string
	last  time.Duration // when it was mentioned last
	ended bool
}

func (t *thread) put(e entry) {
	if !t.any {
		t.any, t.began = true, e.at
	}
	switch e.point {
	case tevent.BeforeTurn:
		t.closeTo(0, e.at) // what a panic or the ring left open
		t.begin(e)
	case tevent.BeforeWait, tevent.BeforeHandler:
		t.begin(e)
	case tevent.AfterTurn, tevent.AfterWait, tevent.AfterHandler:
		t.end(e)
	}
	if e.kind == tevent.KindRequest && e.id != 0 {
		t.request(e)
	}
}

func (t *thread) begin(e entry) {
	t.open = append(t.open, slice{e.kind, e.name, e.id})
	t.emit(chromeEvent{Name: e.name, Cat: e.kind.String(), Phase: "B", Args: e.args()}, e.at)
}

// end closes the slice that e ends, and those inside of it that were left; it
// does nothing if its begin was forgotten.
func (t *thread) end(e entry) {
	for i := len(t.open) - 1; i >= 0; i-- {
		if t.open[i] == (slice{e.kind, e.name, e.id}) {
			t.closeTo(i, e.at)
			return
		}
	}
}

func (t *thread) closeTo(n int, at time.Duration) {
	for i := len(t.open) - 1; i >= n; i-- {
		t.emit(chromeEvent{Name: t.open[i].name, Cat: t.open[i].kind.String(), Phase: "E"}, at)
	}
	t.open = t.open[:n]
}

// request notes a moment of a request. One whose begin was forgotten begins
// with the trace.
func (t *thread) request(e entry) {
	at, known := t.index[e.id]
	if !known {
		if e.point == tevent.Detach || e.point == tevent.AfterHandler {
			return // the ring has forgotten it, or it had ended before
		}
		t.born(e)
		at = len(t.live) - 1
	}
	if t.live[at].ended {
		return // its callback ends after it
	}
	t.live[at].last = e.at
	switch e.point {
	case tevent.Finished, tevent.Cancelled, tevent.Cleaned:
		t.async("n", e.name, e.id, &chromeArgs{Note: e.point.String(), Error: e.err}, e.at)
	case tevent.Detach:
		t.async("e", e.name, e.id, nil, e.at)
		t.live[at].ended = true
	}
}

func (t *thread) born(e entry) {
	args, at := e.args(), e.at
	if e.point != tevent.Attach {
		args.Note, at = noteBegan, t.began
	}
	t.index[e.id] = len(t.live)
	t.live = append(t.live, life{e.id, e.name, e.at, false})
	t.async("b", e.name, e.id, args, at)
}

// finish ends what is still open, at the instant now if everything was traced:
// what is pending, and where the loop stands.
func (t *thread) finish(now time.Duration, whole bool) {
	for _, l := range t.live {
		if l.ended {
			continue
		}
		end := l.last
		if whole {
			end = now
		}
		t.async("e", l.name, l.id, &chromeArgs{Note: noteEnded}, end)
	}
	t.closeTo(0, now)
}

func (t *thread) async(phase, name string, id uint64, args *chromeArgs, at time.Duration) {
	t.emit(chromeEvent{Name: name, Cat: "request", Phase: phase, ID: t.asyncID(id), Args: args}, at)
}

func (e entry) args() *chromeArgs {
	a := &chromeArgs{ID: e.id, Parent: e.parent}
	if e.fd >= 0 {
		a.FD = &e.fd
	}
	return a
}
