package tevent

import "time"

// Point is a moment at which a context tells its trace function something.
type Point uint8

const (
	BeforeTurn    Point = iota // a turn begins
	AfterTurn                  // it has ended
	BeforeWait                 // the loop asks the system, and may sleep
	AfterWait                  // the system has answered
	Attach                     // fd event, timer, immediate, signal, queue entry: begins to wait; request: Start
	BeforeHandler              // its function, callback, step or trigger is called next
	AfterHandler               // it has returned, or panicked
	Detach                     // waits no more: exactly one for each Attach; request: ended
	Finished                   // request: its outcome was fixed
	Cancelled                  // request: its cancel function, or its children, are asked next
	Cleaned                    // request: its cleanup function is called next
)

var pointNames = [...]string{"before turn", "after turn", "before wait", "after wait", "attach",
	"before handler", "after handler", "detach", "finished", "cancelled", "cleaned"}

// String is the point's name, such as "before handler".
func (p Point) String() string { return pointNames[p] }

// TraceEvent is what a trace function is told. It is good during the call only.
type TraceEvent struct {
	Point  Point
	Kind   Kind          // what it is about: KindTurn for the turn and the wait
	Name   string        // static text: the name of the request, "timer", "fd event" …
	ID     uint64        // the same for all points of one life, counted from 1 for each context; 0: it began untraced
	Parent uint64        // request: ID of its parent at that moment; 0: none
	Depth  int           // request: call depth, one more than that of its parent or of the request whose step started it
	Tag    uint64        // of the event, set by its owner
	FD     int           // fd event; -1 otherwise
	At     time.Duration // Context clock (Kernel.Now) when it happened
	Err    error         // request, Finished: its failure
}

// SetTrace sets what is told each of these moments; nil, the start value, is
// nobody and costs one comparison a point. It returns the former function, for
// chaining. f looks on: it starts, ends and changes nothing of the context.
// SetSampling thins out what is told.
//
// What runs once, such as a timer, is told BeforeHandler, Detach, AfterHandler,
// for its function may arm it again, which is another life. What began before
// the trace was set is told with ID 0, and not when it is detached. What still
// waits when the context is closed is detached then. The timers inside of
// requests, of a deadline and of Sleep, are part of these and not told; a
// posted function has no Attach, for it comes from elsewhere. As long as a
// trace is set, a request whose outcome nobody takes is kept. Source:
// tevent_set_trace_callback, tevent_get_trace_callback,
// tevent_set_trace_fd_callback, tevent_set_trace_signal_callback,
// tevent_set_trace_timer_callback, tevent_set_trace_immediate_callback,
// tevent_set_trace_queue_callback, tevent_thread_call_depth_set_callback.
func (ev *Context) SetTrace(f func(*TraceEvent)) func(*TraceEvent) {
	old := ev.tracer
	ev.tracer = f
	ev.sample(true)
	return old
}

// subject is one thing that the trace tells about.
type subject struct {
	kind   Kind
	name   string
	id     uint64
	parent uint64
	depth  int
	tag    uint64
	fd     int

	step    string // request: whose step it is, for the watchdog
	created *place // where it is known, for the watchdog
}

// tell tells the trace function, if there is one.
func (ev *Context) tell(p Point, s subject, err error) {
	if ev.trace == nil {
		return
	}
	ev.told = TraceEvent{p, s.kind, s.name, s.id, s.parent, s.depth, s.tag, s.fd, time.Duration(ev.kernel.Now()), err}
	ev.trace(&ev.told)
}

// identify is the ID of a new life, 0 if nobody is told.
func (ev *Context) identify() uint64 {
	if ev.trace == nil {
		return 0
	}
	ev.ids++
	return ev.ids
}

// observe runs f, the function of s, for those who want to know about it. Who
// was not told that it is called is not told that it has returned.
func (ev *Context) observe(s subject, f func()) {
	if ev.trace != nil {
		ev.tell(BeforeHandler, s, nil)
		defer ev.tell(AfterHandler, s, nil)
	}
	ev.measure(s, f)
}

// tellTurn tells about the present turn.
func (ev *Context) tellTurn(p Point) {
	ev.tell(p, subject{kind: KindTurn, name: "turn", id: ev.turnID, fd: -1}, nil)
}

// tellWait tells about the wait of the present turn, also of one that is not
// sampled.
func (ev *Context) tellWait(p Point, now int64) {
	if ev.tracer != nil {
		ev.told = TraceEvent{Point: p, Kind: KindTurn, Name: "wait", ID: ev.turnID, FD: -1, At: time.Duration(now)}
		ev.tracer(&ev.told)
	}
}

// beginTurn gives the turn its identity, and says how much of it is told.
func (ev *Context) beginTurn() {
	if ev.sampling != nil {
		ev.sample(ev.sampling())
	}
	ev.ids++
	ev.turnID = ev.ids
	ev.tellTurn(BeforeTurn)
}

// endTurn is told after each turn; it has an ID if its begin was told.
func (ev *Context) endTurn() {
	ev.tellTurn(AfterTurn)
	ev.turnID = 0
}

// detachAll tells what still waits on a closed context that it does no more.
// That it is in the books stays.
func (ev *Context) detachAll() {
	for k := range ev.held {
		for l := ev.held[k].lines; l != nil; l = l.next {
			ev.detach(l)
		}
	}
	ev.roots.detach()
}

func (l *list) detach() {
	for c := l.head; c != nil; c = c.next {
		if c.side != nil {
			c.detach()
			c.side.kids.detach()
		}
	}
}
