package tsocket

import (
	"io"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

var _ StreamOps = (*pipeEnd)(nil)

// pipeEnd is the transport of one stream of a Pipe. Its loop works on it, and
// the peer's loop leaves bytes and news in it.
type pipeEnd struct {
	p    *pipe    // immutable
	peer *pipeEnd // immutable

	// Guarded by p.mu.
	ev      *tevent.Context // nil while detached
	in      ring            // what the peer sent and was not read
	came    int64           // bytes that have arrived since the beginning
	got     int64           // of those, read
	sent    int64           // to the peer
	fin     bool            // the peer sends no more
	reset   bool            // the connection is broken
	over    bool            // fin or reset have arrived
	gone    bool            // closed
	hungry  bool            // news of the peer are waited for
	blocked bool            // room at the peer is waited for
	poked   bool            // posted is on its way

	// Owned by the loop.
	r       *Read
	w       *Write
	monitor func(error)
	look    tevent.Immediate
	posted  func()       // look, from another loop
	timer   tevent.Timer // what is under way arrives
	next    int64        // came, when it has
	last    bool         // over, when it has

	chance *rand.Rand // nil unless seeded; owned by the loop
	split  bool       // immutable
	fault  PipeFault  // of what is sent to the peer; immutable
}

func (e *pipeEnd) Attach(ev *tevent.Context) error {
	e.attach(ev)
	e.look.Schedule() // for what came meanwhile
	return nil
}

func (e *pipeEnd) attach(ev *tevent.Context) {
	e.look.Init(ev, e.work)
	e.timer.Init(ev, e.arrive)
	e.posted = func() {
		if e.isOn(ev) {
			e.work()
		}
	}
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	e.ev, e.poked = ev, false
}

// isOn reports whether the end is still on ev, whose loop this is.
func (e *pipeEnd) isOn(ev *tevent.Context) bool {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	return e.ev == ev && !e.gone
}

func (e *pipeEnd) Detach() error {
	e.look.Cancel()
	e.timer.Stop()
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	e.ev = nil
	return nil
}

// poke lets the peer's loop look for news. It holds p.mu.
func (e *pipeEnd) poke() {
	o := e.peer
	switch {
	case o.ev == nil || o.gone:
	case o.ev == e.ev:
		if !o.look.Scheduled() {
			o.look.Schedule()
		}
	case !o.poked:
		o.poked = true
		o.ev.Post(o.posted)
	}
}

// work does what waits, the writer first.
func (e *pipeEnd) work() {
	e.p.mu.Lock()
	e.poked = false
	e.admit()
	over, err := e.over, e.endError()
	e.p.mu.Unlock()
	if e.w != nil {
		e.send()
	}
	if e.r != nil {
		e.receive()
	}
	if f := e.monitor; f != nil && over {
		e.monitor = nil
		f(err)
	}
}

func (e *pipeEnd) StartRead(r *Read) {
	e.r = r
	e.receive()
}

func (e *pipeEnd) receive() {
	n, err := e.take()
	if n > 0 || err != nil {
		r := e.r
		e.r = nil
		r.Finish(n, err)
	}
}

// take moves what has arrived to the reader, or says why there is no more.
func (e *pipeEnd) take() (int, error) {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	e.admit()
	n := int(e.came - e.got)
	if n == 0 {
		e.hungry = !e.over
		return 0, e.endError()
	}
	n = e.in.read(e.r.Buffers(), e.piece(n))
	e.got += int64(n)
	if e.peer.blocked {
		e.peer.blocked = false
		e.poke()
	}
	return n, nil
}

// endError is why nothing more arrives; nil as long as something may.
func (e *pipeEnd) endError() error {
	switch {
	case !e.over:
		return nil
	case e.reset:
		return syscall.ECONNRESET
	}
	return io.EOF
}

// piece is how many of n bytes one transfer moves.
func (e *pipeEnd) piece(n int) int {
	if !e.split {
		return n
	}
	return min(n, 1+e.chance.IntN(1<<e.chance.IntN(14)))
}

// admit lets in what the peer sent, at once or when its delay is over.
func (e *pipeEnd) admit() {
	next, last := e.got+int64(e.in.n), e.fin || e.reset
	if cut := e.peer.fault; cut.Kind == PipeStall && next >= cut.At {
		next, last = cut.At, false
	}
	switch {
	case next == e.came && last == e.over:
	case e.p.delay <= 0:
		e.came, e.over = next, last
	case !e.timer.Armed():
		e.next, e.last = next, last
		e.timer.Reset(time.Duration(e.chance.Int64N(int64(e.p.delay) + 1)))
	}
}

// arrive is the end of a delay.
func (e *pipeEnd) arrive() {
	e.p.mu.Lock()
	e.came, e.over = e.next, e.last
	e.p.mu.Unlock()
	e.work()
}

func (e *pipeEnd) StartWrite(w *Write) {
	e.w = w
	e.send()
}

// send moves bytes until everything is taken or the peer is full; a seeded
// pipe lets the loop have its turn after every piece.
func (e *pipeEnd) send() {
	w := e.w
	for bufs := w.Buffers(); len(bufs) > 0; bufs = w.Buffers() {
		n, err := e.put(bufs)
		if err != nil {
			e.w = nil
			w.Finish(err)
			return
		}
		if n == 0 {
			return
		}
		w.Advance(n)
		if e.split && len(w.Buffers()) > 0 {
			e.look.Schedule()
			return
		}
	}
	e.w = nil
	w.Finish(nil)
}

// put leaves bytes with the peer.
func (e *pipeEnd) put(bufs [][]byte) (int, error) {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	o := e.peer
	room := e.p.limit
	if e.fault.Kind == PipeReset && !o.gone {
		if e.sent == e.fault.At {
			e.breakUp()
		}
		room = int(min(int64(room), e.fault.At-e.sent))
	}
	switch stalled := o.fault.Kind == PipeStall && o.sent >= o.fault.At; {
	case o.gone && !stalled:
		return 0, syscall.EPIPE
	case e.reset:
		return 0, syscall.ECONNRESET
	}
	n := o.in.write(bufs, e.piece(room), e.p.limit)
	e.sent += int64(n)
	e.blocked = n == 0
	if o.hungry || e.p.delay > 0 {
		o.hungry = false
		e.poke()
	}
	if e.fault.Kind == PipeReset && e.sent == e.fault.At {
		e.breakUp()
	}
	return n, nil
}

// breakUp resets the connection. It holds p.mu.
func (e *pipeEnd) breakUp() {
	e.reset, e.peer.reset = true, true
	e.poke()
	if !e.look.Scheduled() {
		e.look.Schedule()
	}
}

func (e *pipeEnd) CancelRead() { e.r = nil }

func (e *pipeEnd) CancelWrite() { e.w = nil }

func (e *pipeEnd) ShutWrite() error {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	e.peer.fin = true
	e.poke()
	return nil
}

// Close lets the peer read what was sent. What this end has not read is lost,
// and the peer is told by a reset.
func (e *pipeEnd) Close() error {
	e.r, e.w, e.monitor = nil, nil, nil
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	if e.ev != nil {
		e.look.Cancel()
		e.timer.Stop()
	}
	e.peer.fin = true
	if e.in.n > 0 {
		e.peer.reset = true
	}
	e.in, e.gone = ring{}, true
	e.poke()
	return nil
}

func (e *pipeEnd) Monitor(f func(error)) {
	e.monitor = f
	if f != nil {
		e.look.Schedule() // it may have gone already
	}
}

func (e *pipeEnd) Pending() (int, error) {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	e.admit()
	return int(e.came - e.got), nil
}
