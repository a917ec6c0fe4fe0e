package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
)

// frame is a PDU: a 4-byte big-endian length and as many bytes.
var frame readv.Framer = readv.Length{Width: 4, Max: 1 << 20}

// server echoes the PDUs of one client. Its loop is read → got → sent → read.
type server struct {
	tevent.Op[tevent.None]
	*half
	l     *precon.Listener
	conn  *precon.Conn
	n     int
	bytes int64
}

// runServer is the process that listens.
func runServer(s settings) error {
	h, err := newHalf("server", s.listen, s)
	if err != nil {
		return err
	}
	l, err := h.ep.Listen(h.addr)
	if err != nil {
		return err
	}
	fmt.Println("listening on", l.Addr())
	srv := &server{half: h, l: l}
	_, err = tevent.Wait(h.ev, srv.serve())
	requests := h.ev.Completed()
	leaked := h.settle(false)
	switch {
	case err != nil:
		return err
	case leaked > 0:
		return fmt.Errorf("%d things leaked", leaked)
	case s.json:
		return json.NewEncoder(os.Stdout).Encode(report{Path: srv.conn.Plan().Path, Bytes: srv.bytes, Requests: requests})
	}
	fmt.Printf("served %d bytes over %s, %d requests completed, nothing leaked\n", srv.bytes, srv.conn.Plan().Path, requests)
	return nil
}

func (s *server) serve() tevent.Req[tevent.None] {
	s.Start(s.ev, "server")
	s.Own(s.l)
	s.l.OnFail(func(err error) { s.fail(err) })
	s.l.Accept().Then(s, s.accepted)
	return s.Req()
}

// fail is the end of a client before it became one.
func (s *server) fail(err error) {
	if s.InProgress() {
		s.Fail(err)
	}
}

func (s *server) accepted(c *precon.Conn) {
	s.conn = c
	s.Own(c)
	s.read()
}

func (s *server) read() { tevent.Handle(readv.PeekPDU(s.conn.Stream(), frame), s, (*server).got) }

func (s *server) got(pdu []byte, err error) {
	if errors.Is(err, io.EOF) {
		s.Done(tevent.None{})
		return
	}
	if s.Fail(err) {
		return
	}
	s.n = len(pdu)
	tevent.Then(s.conn.Stream().Writev(pdu), s, (*server).sent)
}

func (s *server) sent(n int) {
	s.bytes += int64(n)
	s.conn.Stream().Consume(s.n)
	s.read()
}
