package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

// reader is the operation of the read direction.
type reader interface {
	// buffers is where the next bytes go.
	buffers() [][]byte
	// arrived says that n bytes are in the buffers.
	arrived(n int)
	// feed takes what the inbox has and reports whether the operation is done.
	feed() bool
	// finish ends the operation with err, nil when it is done.
	finish(err error)
	// arm makes an operation that has to wait cancellable.
	arm()
}

// readvOp fills its caller's buffers.
type readvOp struct {
	tevent.Op[int]
	filling
	stop func(error) bool
}

// Readv fills bufs completely and completes with their total length. The
// headers are copied; the bytes are the stream's until the request has
// completed. A cancelled or timed-out Readv says how many bytes it had, and
// they are at the front of the stream again.
//
// Errors: EMSGSIZE for a total that overflows, EINVAL for a total of 0,
// ECONNABORTED while disconnecting, EBUSY beside another read; at the end of
// the stream io.EOF, or io.ErrUnexpectedEOF after some bytes, both also EPIPE.
// Source: tstream_readv_send.
func (s *Stream) Readv(bufs ...[]byte) tevent.Req[int] {
	n, err := s.check(bufs)
	if err == nil && s.occupied() {
		err = syscall.EBUSY
	}
	if err != nil {
		return tevent.Failed[int](s.context(), "readv", s.wrap("readv", err))
	}
	o := s.spareReadv()
	o.Start(s.ev, "readv")
	o.set(bufs, n)
	s.beginRead(o)
	return o.Req()
}

// spareReadv is an operation that is free.
func (s *Stream) spareReadv() *readvOp {
	if s.readv == nil || s.readv.State() != tevent.StateFree {
		s.readv = &readvOp{filling: filling{s: s}}
		s.readv.stop = s.readv.cancel
	}
	return s.readv
}

func (o *readvOp) arm() { o.SetCancel(o.stop) }

func (o *readvOp) finish(err error) {
	o.forget()
	o.s.passed()
	o.Finish(o.got, o.s.wrap("readv", end(err, o.got > 0)))
}

// cancel gives the bytes back to the stream.
func (o *readvOp) cancel(cause error) bool {
	s := o.s
	s.unread(o)
	if o.got > 0 {
		s.in.putBack(o.got, func(yield func([]byte)) {
			for i := 0; i < o.i; i++ {
				yield(o.bufs[i])
			}
			if o.i < len(o.bufs) {
				yield(o.bufs[o.i][:o.k])
			}
		})
	}
	o.finish(cause)
	return true
}
