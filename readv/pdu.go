package readv

import (
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// pduOp reads one PDU, lent or copied. Its built-in cancel, which ends the Peek,
// leaves every byte in the stream.
type pduOp struct {
	tevent.Op[[]byte]
	s      *tsocket.Stream
	framer Framer
	dst    []byte // where a copy is appended
	lend   bool
}

// PDU completes with the next PDU appended to buf[:0], which is the caller's; a
// nil buf is a fresh one, made when all of the PDU is there. Bytes behind the PDU
// stay in the stream, and so does everything when the request fails.
//
// Errors: *TooLongError, the framer's own, and those of Stream.Peek: io.EOF at
// a boundary, io.ErrUnexpectedEOF inside. Source: tstream_readv_pdu_send.
func PDU(s *tsocket.Stream, f Framer, buf []byte) tevent.Req[[]byte] {
	return start(s, f, buf[:0], false)
}

// PeekPDU completes with the next PDU, lent by the stream until Consume of its
// length, the next read operation or Close. Errors as PDU.
func PeekPDU(s *tsocket.Stream, f Framer) tevent.Req[[]byte] { return start(s, f, nil, true) }

// Buffered lends the next PDU if all of it was received already, as PeekPDU does;
// nil if not, or while a read operation is pending. A server takes what one
// receive brought with it, and waits with PeekPDU for more. Errors are the
// framer's.
func Buffered(s *tsocket.Stream, f Framer) ([]byte, error) {
	return Cut(s.Buffered(), f)
}

// Cut returns the PDU that b begins with, as a part of b, or nil if not all of it
// is there. It walks through what a stream has lent, PDU by PDU, with one Consume
// at the end. Errors are the framer's.
func Cut(b []byte, f Framer) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	n, err := need(f, b)
	if err != nil || n > len(b) {
		return nil, err
	}
	return b[:n:n], nil
}

func start(s *tsocket.Stream, f Framer, dst []byte, lend bool) tevent.Req[[]byte] {
	if s.Context() == nil {
		return s.Peek(1) // it fails where a detached stream's failures are told
	}
	e := engineOf(s)
	if e.pdu == nil || e.pdu.State() != tevent.StateFree {
		e.pdu = &pduOp{s: s}
	}
	o := e.pdu
	o.framer, o.dst, o.lend = f, dst, lend
	o.Start(s.Context(), "pdu")
	o.look(s.Buffered())
	return o.Req()
}

// look asks the framer about what is there.
func (o *pduOp) look(have []byte) {
	n, err := need(o.framer, have)
	switch {
	case o.Fail(err):
	case n > len(have):
		tevent.Handle(o.s.Peek(n), o, (*pduOp).peeked)
	case o.lend:
		o.Done(have[:n:n])
	default:
		pdu := append(o.dst, have[:n]...)
		o.s.Consume(n)
		o.dst = nil
		o.Done(pdu)
	}
}

func (o *pduOp) peeked(have []byte, err error) {
	if !o.Fail(err) {
		o.look(have)
	}
}
