package readv

import (
	"errors"
	"io"
	"net"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// readOp fills what next asks for.
type readOp struct {
	tevent.Op[int]
	s     *tsocket.Stream
	next  func() ([][]byte, error)
	sub   tevent.Req[int] // fills the present buffers
	total int
	stop  func(error) bool
}

// Read asks next for buffers, fills them completely, and asks again; an empty
// answer ends it, also the very first. It completes with the number of bytes
// read. next is called once in Read and then from the loop. The slice of
// buffers is the engine's until it asks again; the bytes belong to the caller
// of Read.
//
// A cancelled or timed-out Read says how many bytes it has taken: those of the
// buffers that were filled. Those of the buffers it was at are at the front of
// the stream again.
//
// Errors: what next returns; EINVAL for buffers whose total is 0, EMSGSIZE for one
// that overflows; those of Stream.Readv, with the count so far; io.EOF only before
// the first byte, io.ErrUnexpectedEOF behind it. Source: tstream_readv_pdu_send and
// its next_vector function.
func Read(s *tsocket.Stream, next func() ([][]byte, error)) tevent.Req[int] {
	if s.Context() == nil {
		return s.Readv(make([]byte, 1)) // it fails where a detached stream's failures are told
	}
	ev := s.Context()
	bufs, err := next() // before Start: should it panic, there is no request
	e := engineOf(s)
	if e.read == nil || e.read.State() != tevent.StateFree {
		e.read = newRead(s)
	}
	o := e.read
	o.next, o.total = next, 0
	o.Start(ev, "read")
	o.SetCancel(o.stop)
	o.fill(bufs, err)
	return o.Req()
}

func newRead(s *tsocket.Stream) *readOp {
	o := &readOp{}
	o.init(s)
	return o
}

func (o *readOp) init(s *tsocket.Stream) { o.s, o.stop = s, o.cancel }

// ask asks for buffers. next may end the request.
func (o *readOp) ask() {
	r := o.Req()
	bufs, err := o.next()
	if r.InProgress() {
		o.fill(bufs, err)
	}
}

// fill reads into what next has answered.
func (o *readOp) fill(bufs [][]byte, err error) {
	switch {
	case err != nil:
		o.end(err)
	case len(bufs) == 0:
		o.end(nil)
	default:
		o.sub = o.s.Readv(bufs...)
		tevent.Handle(o.sub, o, (*readOp).filled)
	}
}

func (o *readOp) filled(n int, err error) {
	if o.total += n; err != nil {
		o.end(o.inside(err))
		return
	}
	o.ask()
}

// inside is err, or the end of the stream as it is behind the first byte of a
// PDU.
func (o *readOp) inside(err error) error {
	var at *net.OpError
	if o.total == 0 || !errors.Is(err, io.EOF) || !errors.As(err, &at) {
		return err
	}
	in := *at
	in.Err = tsocket.EndError{Inside: true}
	return &in
}

// cancel ends the Readv under way, whose bytes go back to the stream, unless it
// is complete.
func (o *readOp) cancel(cause error) bool {
	n, _ := o.sub.Result()
	o.total += n
	o.end(cause)
	return true
}

func (o *readOp) end(err error) {
	o.next, o.sub = nil, tevent.Req[int]{}
	o.Finish(o.total, err)
}
