package transfer

import (
	"encoding/binary"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

const (
	chunkBytes = 256 << 10 // read from the file at a time
	bodyBytes  = 32 << 10  // of the file in one PDU
)

// sender cuts a file into PDUs: read → loaded → gone → read. The file is read on
// the pool, since that may block.
type sender struct {
	tevent.Op[tevent.None]
	ev    *tevent.Context
	s     *tsocket.Stream
	from  io.Reader
	left  int64
	chunk []byte
	heads [chunkBytes / bodyBytes][4]byte
}

// send sends the next n bytes of r.
func send(ev *tevent.Context, s *tsocket.Stream, r io.Reader, n int64) tevent.Req[tevent.None] {
	x := &sender{ev: ev, s: s, from: r, left: n, chunk: make([]byte, min(n, chunkBytes))}
	x.Start(ev, "send file")
	x.read()
	return x.Req()
}

func (x *sender) read() {
	buf := x.chunk[:min(x.left, chunkBytes)]
	tevent.Then(tevent.Offload(x.ev, func() (int, error) { return io.ReadFull(x.from, buf) }), x, (*sender).loaded)
}

// loaded queues the chunk's PDUs; the last one speaks for all.
func (x *sender) loaded(n int) {
	x.left -= int64(n)
	var last tevent.Req[int]
	for i := 0; n > 0; i++ {
		body := x.chunk[i*bodyBytes:][:min(n, bodyBytes)]
		n -= len(body)
		binary.BigEndian.PutUint32(x.heads[i][:], uint32(len(body)))
		last.Ignore()
		last = x.s.Send(x.heads[i][:], body)
	}
	tevent.Then(last, x, (*sender).gone)
}

func (x *sender) gone(int) {
	if x.left > 0 {
		x.read()
		return
	}
	x.Done(tevent.None{})
}
