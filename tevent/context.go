package tevent

import (
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/internal/sys"
)

// Context is an event context: the loop on which requests complete. It is run
// by one goroutine at a time, with LoopOnce, LoopWait, Run or Wait, and
// everything about it and what lives on it is called from that goroutine,
// except Post, Await and what says that it is safe from any goroutine.
// Source: struct tevent_context.
type Context struct {
	loop   *driver.Loop // immutable
	kernel sys.Kernel   // immutable
	host   sys.Host     // immutable
	start  time.Time    // immutable; all instants are kept relative to it

	// What is going to happen. Owned by the loop.
	ready    ring          // finished requests and immediates
	answers  ring          // what gathers and runs behind a burst of sockets
	flush    ring          // what gathers and runs before the wait
	later    []readyEntry  // deferred to the next turn
	orphans  []readyEntry  // failures that nobody asked about yet
	timers   heap          // armed
	posted   ring          // functions of other goroutines, already here
	batch    []func()      // the mailbox's other buffer
	fds      map[int]*desc // descriptors with FD events; nil if there are none
	watching int           // FD events that could still happen, and signal handlers

	// Signals. Owned by the loop, except raised.
	signals   []*signals
	signalled int         // handlers that are due
	raised    atomic.Bool // one of signals has come in

	// The present turn. Owned by the loop.
	now     int64 // the kernel's clock at its start, and again after the wait
	budget  int   // ready entries it may still run
	level   int   // 1 while a turn runs
	worked  bool  // something ran before the wait: look, but do not sleep
	current *core // the request whose step runs
	curGen  uint64

	// Who looks on. Owned by the loop.
	tracer   func(*TraceEvent) // told the turns
	trace    func(*TraceEvent) // told all else: tracer, or nil in a turn that is not sampled
	sampling func() bool       // whether the next turn is
	thinned  bool              // the present turn is not
	observed bool              // somebody wants to know about each handler
	told     TraceEvent        // what trace is told at present
	verbose  bool              // the logger wants each moment too
	slow     slow
	ids      uint64 // of the youngest life that was told
	turnID   uint64 // of the present turn; 0 if it is not told

	// The books. Owned by the loop.
	roots    list    // requests without a parent
	pending  int     // requests without an outcome
	finished uint64  // requests that got one, since the start
	sides    []*side // spare
	tracking bool
	listing  bool // tracking or traced: each thing is noted by itself
	held     [kinds]heldList
	queues   []*func() Queue
	sweepAt  int              // so many of them, and those that have gone are looked for
	places   map[place]string // nil until somebody asks for the books of a context that tracks

	// How it behaves. Owned by the loop.
	timeout  time.Duration // LoopOnce sleeps at most this long; below 0 is for ever
	onPanic  func(*PanicError) bool
	logger   *slog.Logger
	rand     *rand.Rand
	closing  bool
	closed   bool
	dead     bool // its process was killed, see Abandon
	closeNow bool // Close was called inside a callback

	stage  atomic.Uint32 // outside, turning or parked: where the loop's goroutine is
	mailed atomic.Bool   // the mailbox has something
	mail   mailbox
}

// NewOn returns a context over the given system. It is for the simulation and
// for fault injection in this module; programs call New.
func NewOn(k sys.Kernel, p sys.Poller, h sys.Host) *Context {
	ev := &Context{}
	ev.build(k, p, h)
	return ev
}

func (ev *Context) build(k sys.Kernel, p sys.Poller, h sys.Host) {
	ev.loop, ev.kernel, ev.host = driver.New(k, p), k, h
	ev.start, ev.now, ev.timeout = k.Start(), k.Now(), -1
}

// Driver is the context's driver, for the transports of this module.
func (ev *Context) Driver() *driver.Loop { return ev.loop }

// Where the goroutine that runs a loop can be.
const (
	outside uint32 = iota // in no turn: perhaps nobody runs the loop
	turning               // in a turn
	parked                // in a turn and asleep: nobody may be in the context
)

// Now is the present time; it has a monotonic reading. In a simulated world it
// is the world's. It is safe from any goroutine.
func (ev *Context) Now() time.Time { return ev.start.Add(time.Duration(ev.kernel.Now())) }

// Rand is the context's source of chance, seeded by the kernel; in a simulated
// world by the world's seed. It is not for secrets.
func (ev *Context) Rand() *rand.Rand {
	if ev.rand == nil {
		var seed [32]byte
		ev.kernel.Random(seed[:])
		ev.rand = rand.New(rand.NewChaCha8(seed))
	}
	return ev.rand
}

// Secret fills b with random bytes fit for keys and identifiers.
func (ev *Context) Secret(b []byte) { ev.kernel.Random(b) }

// Completed is how many requests have got an outcome so far.
func (ev *Context) Completed() uint64 { return ev.finished }

// SetWaitTimeout bounds the sleep of LoopOnce: 0 never sleeps, a negative d,
// the start value, sleeps until something happens. It returns the previous
// value. Source: tevent_context_set_wait_timeout.
func (ev *Context) SetWaitTimeout(d time.Duration) time.Duration {
	old := ev.timeout
	ev.timeout = d
	return old
}

// OnPanic sets what decides about a panic in a callback. If f reports true, the
// request whose step panicked fails with the PanicError and the loop goes on;
// without f, or if it reports false, the panic goes on.
func (ev *Context) OnPanic(f func(*PanicError) bool) { ev.onPanic = f }

// enter is the guard of every call that belongs to the loop's goroutine: while
// that one sleeps, whoever comes in is somebody else.
func (ev *Context) enter() {
	if ev.stage.Load() == parked {
		panic("tevent: called from a goroutine that does not run the context; use ev.Post or tevent.Await")
	}
}

// HostID names this host and its network namespace: processes that share both
// have the same, others hardly ever do. It is a hint, never a proof. It may
// read files.
func (ev *Context) HostID() string { return ev.host.Identity() }
