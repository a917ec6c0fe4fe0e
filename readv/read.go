package readv

import (
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// readOp fills what next asks for.
type readOp struct {
	tevent.Op[int]
	s     *tsocket.Stream
	next  func() ([][]byte, error)
	total int
}

// Read asks next for buffers, fills them completely, and asks again; an empty
// answer ends it, also the very first. It completes with the number of bytes
// read. next is called once in Read and then from the loop. The slice of
// buffers is the engine's until it asks again; the bytes belong to the caller
// of Read.
//
// Errors: what next returns; EINVAL for buffers whose total is 0; those of
// Stream.Readv, with the count so far. Source: tstream_readv_pdu_send and its
// next_vector function.
func Read(s *tsocket.Stream, next func() ([][]byte, error)) tevent.Req[int] {
	o := &readOp{s: s, next: next}
	o.Start(s.Context(), "read")
	o.ask()
	return o.Req()
}

func (o *readOp) ask() {
	bufs, err := o.next()
	switch {
	case err != nil:
		o.Finish(o.total, err)
	case len(bufs) == 0:
		o.Done(o.total)
	case empty(bufs):
		o.Finish(o.total, syscall.EINVAL)
	default:
		tevent.Handle(o.s.Readv(bufs...), o, (*readOp).filled)
	}
}

func (o *readOp) filled(n int, err error) {
	o.total += n
	if err != nil {
		o.Finish(o.total, err)
		return
	}
	o.ask()
}

func empty(bufs [][]byte) bool {
	for _, b := range bufs {
		if len(b) > 0 {
			return false
		}
	}
	return true
}
