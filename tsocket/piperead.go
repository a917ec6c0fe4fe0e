package tsocket

import (
	"io"
	"syscall"
	"time"
)

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

func (e *pipeEnd) CancelRead() { e.r = nil }

func (e *pipeEnd) Pending() (int, error) {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	e.admit()
	return int(e.came - e.got), nil
}
