package transfer

import (
	"errors"
	"io"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
)

// Served is what a server did for its client.
type Served struct {
	Plan  precon.Plan
	Bytes int64 // echoed
}

// server takes one client.
type server struct {
	tevent.Op[*Served]
	ev *tevent.Context
}

// Serve takes the first client of l, echoes what it sends, and completes when
// it says goodbye. It fails with the first client that fails, and closes l
// when it ends.
func Serve(ev *tevent.Context, l *precon.Listener) tevent.Req[*Served] {
	s := &server{ev: ev}
	s.Start(ev, "server")
	s.Own(l)
	l.OnFail(s.refused)
	l.Accept().Then(s, s.accepted)
	return s.Req()
}

// refused is the end of a client before it became one.
func (s *server) refused(err error) {
	if s.InProgress() {
		s.Fail(err)
	}
}

func (s *server) accepted(c *precon.Conn) { Echo(s.ev, c).Then(s, s.Done) }

// echo answers each PDU of one client. Its loop is read → got → sent → read.
type echo struct {
	tevent.Op[*Served]
	conn *precon.Conn
	n    int
	res  Served
}

// Echo sends back what comes over c, PDU by PDU, completes when the peer has
// said goodbye, and closes c when it ends.
func Echo(ev *tevent.Context, c *precon.Conn) tevent.Req[*Served] {
	e := &echo{conn: c, res: Served{Plan: c.Plan()}}
	e.Start(ev, "echo")
	e.Own(c)
	e.read()
	return e.Req()
}

func (e *echo) read() { tevent.Handle(readv.PeekPDU(e.conn.Stream(), frame), e, (*echo).got) }

func (e *echo) got(pdu []byte, err error) {
	if errors.Is(err, io.EOF) {
		e.Done(&e.res)
		return
	}
	if e.Fail(err) {
		return
	}
	e.n = len(pdu)
	tevent.Then(e.conn.Stream().Writev(pdu), e, (*echo).sent)
}

func (e *echo) sent(n int) {
	e.res.Bytes += int64(n)
	e.conn.Stream().Consume(e.n)
	e.read()
}
