package readv

import (
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// engine is what one stream keeps for its readers.
type engine struct {
	pdu pduOp
}

// engineOf is the stream's engine.
func engineOf(s *tsocket.Stream) *engine {
	slot := s.Engine()
	e, ok := (*slot).(*engine)
	if !ok {
		e = &engine{}
		*slot = e
	}
	return e
}

// pduOp reads one PDU, lent or copied.
type pduOp struct {
	tevent.Op[[]byte]
	s      *tsocket.Stream
	framer Framer
	dst    []byte // where a copy is appended
	lend   bool
}

// PDU completes with the next PDU appended to buf[:0], which is the caller's; a
// nil buf is a fresh one. Bytes behind the PDU stay in the stream.
//
// Errors: *TooLongError, the framer's own, and those of Stream.Peek: io.EOF at
// a boundary, io.ErrUnexpectedEOF inside. Source: tstream_readv_pdu_send.
func PDU(s *tsocket.Stream, f Framer, buf []byte) tevent.Req[[]byte] {
	return start(s, f, buf[:0], false)
}

// PeekPDU completes with the next PDU, lent by the stream until Consume of its
// length. Errors as PDU.
func PeekPDU(s *tsocket.Stream, f Framer) tevent.Req[[]byte] { return start(s, f, nil, true) }

// Buffered lends the next PDU if all of it was received already, until Consume of
// its length; nil if not. A server takes what one receive brought with it, and
// waits with PeekPDU for more. Errors are the framer's.
func Buffered(s *tsocket.Stream, f Framer) ([]byte, error) {
	have := s.Buffered()
	if len(have) == 0 {
		return nil, nil
	}
	n, err := f.Need(have)
	if err != nil || n > len(have) {
		return nil, err
	}
	return have[:n:n], nil
}

func start(s *tsocket.Stream, f Framer, dst []byte, lend bool) tevent.Req[[]byte] {
	o := &engineOf(s).pdu
	if o.State() != tevent.StateFree {
		o = &pduOp{}
	}
	o.s, o.framer, o.dst, o.lend = s, f, dst, lend
	o.Start(s.Context(), "pdu")
	o.look(s.Buffered())
	return o.Req()
}

// look asks the framer about what is there.
func (o *pduOp) look(have []byte) {
	n, err := o.framer.Need(have)
	switch {
	case o.Fail(err):
	case n > len(have):
		tevent.Handle(o.s.Peek(n), o, (*pduOp).peeked)
	case o.lend:
		o.Done(have[:n:n])
	default:
		pdu := append(o.dst, have[:n]...)
		o.s.Consume(n)
		o.Done(pdu)
	}
}

func (o *pduOp) peeked(have []byte, err error) {
	if !o.Fail(err) {
		o.look(have)
	}
}
