package transfer

import (
	"io"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// receiver takes the PDUs of a file: read → got → read.
type receiver struct {
	tevent.Op[tevent.None]
	s    *tsocket.Stream
	to   io.Writer
	left int64
}

// receive writes the n bytes that come to w.
func receive(ev *tevent.Context, s *tsocket.Stream, w io.Writer, n int64) tevent.Req[tevent.None] {
	x := &receiver{s: s, to: w, left: n}
	x.Start(ev, "receive file")
	x.read()
	return x.Req()
}

func (x *receiver) read() { tevent.Then(readv.PeekPDU(x.s, frame), x, (*receiver).got) }

func (x *receiver) got(pdu []byte) {
	n, err := x.to.Write(pdu[4:])
	x.s.Consume(len(pdu))
	if x.Fail(err) {
		return
	}
	x.left -= int64(n)
	if x.left > 0 {
		x.read()
		return
	}
	x.Done(tevent.None{})
}
