package tsocket

import "syscall"

// RoomTeller is what a StreamOps has besides if it can tell when there is room
// again. Without it a stream with a writeable handler asks again after 1 ms,
// doubling to 64 ms.
type RoomTeller interface {
	// WaitRoom has f called once, in place or from the loop, when a Write that
	// moved nothing might move something or fail; nil ends that. No Write is
	// outstanding.
	WaitRoom(f func())
}

// TryWritev hands to the transport what it takes of bufs, without waiting, and
// returns how many bytes that were. The bytes are the caller's again.
//
// Errors: as Writev, which it is EBUSY beside; EAGAIN if there is no room. Source:
// tsocket_writev.
func (s *Stream) TryWritev(bufs ...[]byte) (int, error) {
	n, err := s.check(bufs)
	switch {
	case err != nil:
	case s.out.busy():
		err = syscall.EBUSY
	case s.werr != nil:
		err = s.werr
	default:
		t := s.try()
		if n, err = t.transmit(t.message(bufs, n)); err == error(syscall.EAGAIN) {
			return 0, t.write.notYet(s, "writev")
		}
		return n, s.wrap("writev", err)
	}
	return 0, s.wrap("writev", err)
}

// SetWriteableHandler has f called from the loop while there may be room to write,
// or an error. It is called once a turn until TryWritev has said EAGAIN, and not
// while a message waits to be sent. The rest is as for SetReadableHandler. Source:
// tsocket_set_writeable_handler.
func (s *Stream) SetWriteableHandler(f func()) {
	if s.usable() == nil {
		t := s.try()
		t.set(&t.write, f)
	}
}

// message is what is tried to be sent; n is the length of bufs.
func (t *tries) message(bufs [][]byte, n int) *outOp {
	o := &t.out
	o.kind, o.size, o.lead, o.sent, o.i, o.k = outTry, n, 0, 0, 0, 0
	o.bufs = append(o.store[:0], bufs...)
	return o
}

// transmit is one attempt with o, and returns how many bytes of it went.
func (t *tries) transmit(o *outOp) (int, error) {
	if t.s.out.head == nil {
		t.offer(o)
	} else { // a handshake's messages go first
		o.finish(syscall.EAGAIN)
	}
	t.soon()
	if o.sent > 0 {
		t.again.renew()
		return o.sent, nil
	}
	if t.failed == error(syscall.EAGAIN) {
		t.write.due = false
	}
	return 0, t.failed
}

// offer has the transport take of o what it can. The rest of a frame that was begun
// is sent behind it.
func (t *tries) offer(o *outOp) {
	s, x := t.s, &t.s.out
	s.restWrite()
	x.push(o)
	x.writing, x.starting = true, true
	s.ops.StartWrite(&x.write)
	x.starting = false
	if x.head != o {
		return
	}
	s.stopWrite()
	if o.lead > 0 && o.sent > 0 {
		x.replace(o, o.rest())
		s.startWrite()
	} else {
		x.remove(o)
	}
	o.finish(syscall.EAGAIN)
}

// watchWrite waits for room.
func (t *tries) watchWrite() {
	if t.s.werr != nil {
		t.roomy()
	} else {
		t.waitRoom(t.roomy)
	}
}

// roomy says that a write may move bytes.
func (t *tries) roomy() { t.tell(&t.write) }

// waitRoom has f called when there is room in the transport; nil ends that.
func (t *tries) waitRoom(f func()) {
	r, ok := beneath(t.s.ops).(RoomTeller)
	switch {
	case ok:
		r.WaitRoom(f)
	case f == nil:
		t.again.stop()
	default:
		t.again.wait(t.s.ev, f)
	}
}

// restWrite ends the wait for room.
func (s *Stream) restWrite() { s.tries.waitRoom(nil) }

// writeFree reports whether a handler may be called.
func (s *Stream) writeFree() bool { return s.out.head == nil }
