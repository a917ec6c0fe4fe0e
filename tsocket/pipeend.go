package tsocket

import (
	"math/rand/v2"

	"github.com/tsocket-go/tsocket/tevent"
)

var (
	_ StreamOps  = (*pipeEnd)(nil)
	_ Aborter    = (*pipeEnd)(nil)
	_ RoomTeller = (*pipeEnd)(nil)
)

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
	deaf    bool            // reads no more
	hungry  bool            // news of the peer are waited for
	blocked bool            // room at the peer is waited for
	poked   bool            // posted is on its way

	// Owned by the loop.
	r       *Read
	w       *Write
	monitor func(error)
	room    func()
	look    tevent.Immediate
	posted  func()       // look, from another loop
	timer   tevent.Timer // what is under way arrives
	next    int64        // came, when it has
	last    bool         // over, when it has
	hard    bool         // Close resets the connection

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
	full := e.blocked && !e.reset && !e.peer.gone
	e.p.mu.Unlock()
	if e.w != nil {
		e.send()
	}
	if e.r != nil {
		e.receive()
	}
	if f := e.room; f != nil && !full {
		e.room = nil
		f()
	}
	if f := e.monitor; f != nil && over {
		e.monitor = nil
		f(err)
	}
}

// Abort makes Close reset the connection.
func (e *pipeEnd) Abort() { e.hard = true }

// Close lets the peer read what was sent. What this end has not read is lost,
// and the peer is told by a reset.
func (e *pipeEnd) Close() error {
	e.r, e.w, e.monitor, e.room = nil, nil, nil, nil
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	if e.ev != nil {
		e.look.Cancel()
		e.timer.Stop()
	}
	e.peer.fin = true
	if e.in.n > 0 || e.hard {
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
