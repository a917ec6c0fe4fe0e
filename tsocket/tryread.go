package tsocket

import "syscall"

// TryReadv reads into bufs what is there, without waiting, and returns how many
// bytes that were. It asks the transport once in a turn; if that has nothing yet,
// what comes next is read ahead for the next call.
//
// Errors: as Readv, which it is EBUSY beside; EAGAIN if nothing is there. Source:
// tsocket_readv.
func (s *Stream) TryReadv(bufs ...[]byte) (int, error) {
	n, err := s.check(bufs)
	switch {
	case err != nil:
	case s.occupied():
		err = syscall.EBUSY
	case s.gate != nil:
		err = syscall.EAGAIN // what is there may be the handshake's
	default:
		t := s.try()
		if n, err = t.receive(bufs, n); err == error(syscall.EAGAIN) {
			return 0, t.read.notYet(s, "readv")
		}
		return n, s.wrap("readv", err)
	}
	return 0, s.wrap("readv", err)
}

// SetReadableHandler has f called from the loop while a read would not wait: there
// are bytes, the end, or an error. It is called once a turn until TryReadv has said
// EAGAIN; but not while a read operation is pending, nor in a turn in which the
// writeable handler is called, so that two peers that have both full hands do not
// wait for each other. nil ends that, and so do SetEventContext, Disconnect and
// Close. LoopWait goes on while a handler is set.
//
// A stream that takes no operations takes no handler. Source:
// tsocket_set_readable_handler.
func (s *Stream) SetReadableHandler(f func()) {
	if s.usable() == nil {
		t := s.try()
		t.set(&t.read, f)
	}
}

// readTry is the reader of a TryReadv.
type readTry struct {
	filling
	err error
}

func (o *readTry) feed() bool       { return o.filling.feed() || o.got > 0 }
func (o *readTry) finish(err error) { o.err = err }
func (o *readTry) arm()             {}

// receive is one attempt; n is the length of bufs.
func (t *tries) receive(bufs [][]byte, n int) (int, error) {
	o := &t.in
	o.set(bufs, n)
	if t.waits(o) {
		t.s.reader = t.look
		o.err = syscall.EAGAIN
	}
	o.forget()
	t.s.passed()
	return o.got, end(o.err, false)
}

// waits has o, the reader of one attempt, take what it can, and reports whether that
// was not enough: then it is still the reader. A receive that has to wait may go on
// for the next attempt: a layer may need several turns for its bytes.
func (t *tries) waits(o reader) bool {
	t.need = 0
	t.s.startRead(o)
	t.soon()
	if t.s.reader != o {
		return false
	}
	t.read.due = false
	return true
}

// readWatch is the reader while the readable handler waits, or nobody does: what
// comes goes to the inbox.
type readWatch struct{ t *tries }

func (w readWatch) buffers() [][]byte {
	s := w.t.s
	s.read.bufs = append(s.read.bufs[:0], s.in.space(max(1, w.t.need, s.overRead())))
	return s.read.bufs
}

func (w readWatch) arrived(n int) { w.t.s.in.arrived(n) }
func (w readWatch) feed() bool    { return w.t.s.in.len() >= max(1, w.t.need) }
func (w readWatch) finish(error)  { w.t.tell(&w.t.read) }
func (w readWatch) arm()          {}

// watchRead waits for bytes, unless there are enough.
func (t *tries) watchRead() {
	switch s := t.s; {
	case t.look.feed() || s.rerr != nil:
		t.tell(&t.read)
	case s.reader == nil:
		s.startRead(t.look)
	}
}

// watched reports whether the reader is the handler's.
func (s *Stream) watched() bool {
	_, w := s.reader.(readWatch)
	return w
}

// restRead takes the handler's reader out of the direction.
func (t *tries) restRead() {
	t.need = 0
	if t.s.watched() {
		t.s.stopRead()
	}
}

// restRead makes place for another reader than the handler's.
func (s *Stream) restRead() {
	if s.tries != nil {
		s.tries.read.rest()
	}
}

// readFree reports whether a handler may be called.
func (s *Stream) readFree() bool { return s.gate == nil && !s.occupied() }
