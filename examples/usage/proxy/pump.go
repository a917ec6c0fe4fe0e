package main

import (
	"errors"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// pump carries one direction of a proxy: what arrived is lent, written, and
// consumed before more is read, so that it holds at most one read-ahead, and who
// reads slowly slows down who writes. The end is passed on as an end. It
// completes with the number of bytes.
type pump struct {
	tevent.Op[int64]
	from, to *tsocket.Stream
	held     *int // most that a pump ever held
	total    int64
}

func carry(from, to *tsocket.Stream, held *int) tevent.Req[int64] {
	p := &pump{from: from, to: to, held: held}
	p.Start(from.Context(), "pump")
	p.read()
	return p.Req()
}

func (p *pump) read() { tevent.Handle(p.from.Peek(1), p, (*pump).got) }

func (p *pump) got(b []byte, err error) {
	switch {
	case errors.Is(err, io.EOF):
		p.to.ShutdownWrite().Then(p, p.ended)
	case p.Fail(err):
	default:
		*p.held = max(*p.held, len(b))
		tevent.Then(p.to.Writev(b), p, (*pump).wrote)
	}
}

func (p *pump) wrote(n int) {
	p.total += int64(n)
	p.from.Consume(n)
	p.read()
}

func (p *pump) ended(int) { p.Done(p.total) }
