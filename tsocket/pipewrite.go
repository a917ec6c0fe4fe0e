package tsocket

import "syscall"

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
	case (o.gone || o.deaf) && !stalled:
		return 0, syscall.EPIPE
	case e.reset && !stalled:
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

func (e *pipeEnd) CancelWrite() { e.w = nil }

// WaitRoom has f called when the peer has read, or is gone.
func (e *pipeEnd) WaitRoom(f func()) {
	e.room = f
	if f != nil {
		e.look.Schedule()
	}
}

// StartShut never has to wait.
func (e *pipeEnd) StartShut(x *Shut) {
	e.shut(x.Step())
	x.Finish(nil)
}

// shut tells the peer: it reads an end, or its writes fail.
func (e *pipeEnd) shut(step ShutStep) {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	switch step {
	case ShutRead:
		e.deaf = true
	case ShutWrite:
		e.peer.fin = true
	}
	e.poke()
}
