package tsocket

import (
	"errors"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// The read direction: one reader at a time, which takes from the inbox first
// and from the transport then, one receive after the other until it is done.

// occupied reports whether no other user's read may start.
func (s *Stream) occupied() bool {
	if s.gate != nil {
		return s.parked != nil
	}
	return s.isReading()
}

// isReading reports whether a read operation is pending, of the user or of the
// holder of a gate.
func (s *Stream) isReading() bool { return s.reader != nil && !s.watched() }

// beginRead makes r the reader, or lets it wait behind a gate.
func (s *Stream) beginRead(r reader) {
	if s.gate != nil {
		s.parked = r
		r.arm()
		return
	}
	s.restRead()
	s.startRead(r)
}

// startRead makes r the reader.
func (s *Stream) startRead(r reader) {
	s.in.unlend() // what was lent is the stream's again
	s.reader = r
	s.fill()
	if s.reader != nil {
		r.arm()
	}
}

// fill runs receives until the reader is done or one has to wait. What lies in
// the inbox then and is not lent is left over.
func (s *Stream) fill() {
	for s.reader != nil && !s.reading {
		if s.reader.feed() {
			s.endRead(nil)
			break
		}
		if s.rerr != nil {
			s.endRead(s.rerr)
			break
		}
		s.reading, s.starting = true, true
		s.ops.StartRead(&s.read)
		s.starting = false
	}
	if !s.in.lent {
		s.in.tidy()
	}
}

// endRead lets the reader finish.
func (s *Stream) endRead(err error) {
	r := s.reader
	s.reader = nil
	r.finish(err)
	s.tries.freed()
}

// overRead is how many bytes may be taken beyond the reader's buffers.
func (s *Stream) overRead() int {
	if s.in.pool.Full() || s.carriage != nil {
		return 0
	}
	return s.readAhead
}

func (s *Stream) readBuffers() [][]byte { return s.reader.buffers() }

// received is the end of one receive.
func (s *Stream) received(n int, err error) {
	s.reading = false
	if n > 0 {
		s.burst = s.last.Driver().Bursts
		s.overReads = s.overReads || s.readAhead > 0 && s.carriage == nil
		s.reader.arrived(n)
	} else {
		s.rerr = err
		s.flags |= endFlag(err)
		if s.conn != nil {
			s.conn.readEnded()
		}
		if errors.Is(err, syscall.ECONNRESET) && s.werr == nil {
			s.werr = err
		}
	}
	clear(s.read.bufs)
	if !s.starting {
		s.fill()
	}
}

// unread takes r out of the direction.
func (s *Stream) unread(r reader) {
	if s.parked == r {
		s.parked = nil
		return
	}
	s.stopRead()
}

// stopRead takes the outstanding receive back.
func (s *Stream) stopRead() {
	if s.reading {
		s.reading = false
		s.ops.CancelRead()
	}
	s.reader = nil
	clear(s.read.bufs)
	s.tries.freed()
}

// context is where a failure is told: the present context or, detached, the
// last one.
func (s *Stream) context() *tevent.Context { return s.last }
