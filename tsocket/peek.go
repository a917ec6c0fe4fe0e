package tsocket

import (
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// peekOp waits for bytes to lend.
type peekOp struct {
	tevent.Op[[]byte]
	s    *Stream
	min  int
	stop func(error) bool
}

// Peek completes when at least min bytes are there and lends all that are. The
// slice is the stream's; it is valid until Consume, the next read operation or
// Close. No buffer is held while it waits. A min above the read-ahead raises
// that bound for this read.
//
// Errors: EINVAL for a min below 1, EBUSY beside another read; at the end of
// the stream what is there is lent beside io.ErrUnexpectedEOF, with nothing
// there it is io.EOF, both also EPIPE.
func (s *Stream) Peek(min int) tevent.Req[[]byte] { return s.startPeek(min, nil) }

// startPeek is Peek by the user, or by the holder of a gate.
func (s *Stream) startPeek(min int, g *Gate) tevent.Req[[]byte] {
	err := s.usable()
	switch {
	case min < 1:
		err = syscall.EINVAL
	case err != nil:
	case g == nil && s.occupied(), g != nil && s.reader != nil:
		err = syscall.EBUSY
	case g != nil && s.gate != g:
		err = net.ErrClosed
	}
	if err != nil {
		return tevent.Failed[[]byte](s.context(), "peek", s.wrap("peek", err))
	}
	o := s.sparePeek()
	o.Start(s.ev, "peek")
	o.min = min
	if g != nil {
		s.startRead(o)
	} else {
		s.beginRead(o)
	}
	if s.reader == o || s.parked != o && s.in.lent {
		s.in.book = s.ev.Hold(tevent.KindBuffer, "peek")
	}
	return o.Req()
}

// Consume takes n bytes, of those a Peek lent, off the front of the stream. The
// rest may be peeked again. It panics if fewer are there; on a stream that was
// closed meanwhile, or is detached, nothing is lent and nothing happens.
func (s *Stream) Consume(n int) {
	if s.usable() != nil {
		return
	}
	if n < 0 || n > s.in.len() {
		panic("tsocket: Consume of more than the stream has lent")
	}
	if n > 0 {
		s.in.unlend()
		s.in.consume(n)
		s.in.tidy()
		s.passed()
	}
}

// sparePeek is an operation that is free.
func (s *Stream) sparePeek() *peekOp {
	if s.peek == nil || s.peek.State() != tevent.StateFree {
		s.peek = &peekOp{s: s}
		s.peek.stop = s.peek.cancel
	}
	return s.peek
}

func (o *peekOp) arm() { o.SetCancel(o.stop) }

func (o *peekOp) buffers() [][]byte {
	s := o.s
	s.read.bufs = append(s.read.bufs[:0], s.in.space(max(o.min, s.overRead())))
	return s.read.bufs
}

func (o *peekOp) arrived(n int) { o.s.in.arrived(n) }

func (o *peekOp) feed() bool { return o.s.in.len() >= o.min }

func (o *peekOp) finish(err error) {
	in := &o.s.in
	if in.len() == 0 {
		in.unlend()
		o.Fail(o.s.wrap("peek", end(err, false)))
		return
	}
	in.lent = true
	o.Finish(in.bytes(), o.s.wrap("peek", end(err, true)))
}

func (o *peekOp) cancel(cause error) bool {
	o.s.unread(o)
	o.s.in.unlend()
	o.Fail(o.s.wrap("peek", cause))
	return true
}

// end is err, or the end of the stream as a reader sees it.
func end(err error, inside bool) error {
	if err != nil && errors.Is(err, io.EOF) {
		return EndError{inside}
	}
	return err
}
