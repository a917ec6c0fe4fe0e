package tsocket

import "syscall"

// startWrite gives the transport what the outbox has.
func (s *Stream) startWrite() {
	x := &s.out
	if s.tries != nil && x.head != nil {
		s.restWrite()
	}
	for x.head != nil && !x.writing {
		if s.werr != nil {
			s.failWrites(s.werr)
			break
		}
		x.writing, x.starting = true, true
		s.ops.StartWrite(&x.write)
		x.starting = false
	}
	x.publish()
	if x.head == nil {
		s.tries.freed()
	}
}

// advanced completes the messages whose last byte is with the transport.
func (s *Stream) advanced(n int) {
	x := &s.out
	for n > 0 {
		o := x.head
		k := o.advance(n)
		n -= k
		x.bytes -= k
		if o.sent == o.size {
			x.pop().finish(nil)
		} else {
			o.dropRights() // they travel with the first byte
		}
	}
	if !x.starting {
		x.publish()
	}
	s.checkDrained()
}

// refused ends the first message with err, which is nothing of the direction's.
func (s *Stream) refused(err error) {
	s.out.pop().finish(err)
	s.checkDrained()
}

// written is the end of one Write: everything up to a shutdown was taken, or
// the direction has failed.
func (s *Stream) written(err error) {
	x := &s.out
	x.writing = false
	clear(x.write.bufs)
	switch {
	case err != nil:
		s.flags |= ERR
		if s.werr == nil {
			s.werr = err
		}
		s.failWrites(err)
	case x.head != nil && x.head.kind == outShutdown:
		s.shutWrite()
	}
	if !x.starting {
		s.startWrite()
	}
	s.checkDrained()
}

// shutWrite does the shutdown at the head; what stands behind it fails.
func (s *Stream) shutWrite() {
	if s.werr == nil {
		s.werr = syscall.EPIPE
	}
	s.startShut(ShutWrite, s.out.pop())
	s.failWrites(syscall.EPIPE)
}

// failWrites ends every message with err, also those in queues of the user's.
func (s *Stream) failWrites(err error) {
	for s.out.head != nil {
		s.out.pop().finish(err)
	}
	s.out.queued.fail(err)
}

// stopWrite takes the outstanding Write back.
func (s *Stream) stopWrite() {
	if s.out.writing {
		s.out.writing = false
		s.ops.CancelWrite()
	}
	clear(s.out.write.bufs)
}

// flushed is the end of the turn for what was queued in it.
func (s *Stream) flushed() {
	if !s.out.writing {
		s.out.queued.claimLate()
	}
	s.startWrite()
}
