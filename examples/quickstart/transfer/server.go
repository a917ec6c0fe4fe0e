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

// server echoes the PDUs of one client. Its loop is read → got → sent → read.
type server struct {
	tevent.Op[*Served]
	conn *precon.Conn
	n    int
	res  Served
}

// Serve takes the first client of l, echoes what it sends, and completes when
// it says goodbye. It fails with the first client that fails, and closes l
// when it ends.
func Serve(ev *tevent.Context, l *precon.Listener) tevent.Req[*Served] {
	s := &server{}
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

func (s *server) accepted(c *precon.Conn) {
	s.conn = c
	s.Own(c)
	s.res.Plan = c.Plan()
	s.read()
}

func (s *server) read() { tevent.Handle(readv.PeekPDU(s.conn.Stream(), frame), s, (*server).got) }

func (s *server) got(pdu []byte, err error) {
	if errors.Is(err, io.EOF) {
		s.Done(&s.res)
		return
	}
	if s.Fail(err) {
		return
	}
	s.n = len(pdu)
	tevent.Then(s.conn.Stream().Writev(pdu), s, (*server).sent)
}

func (s *server) sent(n int) {
	s.res.Bytes += int64(n)
	s.conn.Stream().Consume(s.n)
	s.read()
}
