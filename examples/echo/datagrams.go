package main

import (
	"os"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

const (
	batch = 64 // datagrams that are received, and sent back, in one call
	// largest is how many bytes a datagram has at most. It is no round number, so
	// that the beginnings of the buffers do not want the same lines of the cache.
	largest = 65507
)

// dgramServer sends datagrams back until a signal ends it; its loop is receive →
// came → sent → receive.
type dgramServer struct {
	tevent.Op[tevent.None]
	ev     *tevent.Context
	d      *tsocket.Dgram
	recv   tevent.Req[int]
	ps     []tsocket.Packet
	n      int // of ps, that are sent back
	drain  bool
	counts counts
}

// openDatagrams serves at addr, which others may share.
func openDatagrams(ev *tevent.Context, addr tsocket.Address, shared bool) (server, error) {
	d, err := tsocket.DgramConfig{ReusePort: shared}.Open(ev, addr, tsocket.Address{})
	if err != nil {
		return nil, err
	}
	return newDgramServer(ev, d), nil
}

func newDgramServer(ev *tevent.Context, d *tsocket.Dgram) *dgramServer {
	s := &dgramServer{ev: ev, d: d, ps: make([]tsocket.Packet, batch)}
	bufs := make([]byte, batch*largest)
	for i := range s.ps {
		s.ps[i].Buf = bufs[i*largest:][:largest:largest]
	}
	s.Start(ev, "server")
	s.Own(d)
	tevent.NextSignal(ev, syscall.SIGTERM, os.Interrupt).Then(s, s.stop)
	s.receive()
	return s
}

func (s *dgramServer) receive() {
	if s.drain {
		s.Done(tevent.None{})
		return
	}
	s.recv = s.d.RecvBatch(s.ps)
	tevent.Handle(s.recv, s, (*dgramServer).came)
}

func (s *dgramServer) came(n int, err error) {
	if n == 0 && !s.drain {
		s.Fail(err)
		return
	}
	s.n = n
	if n == 0 {
		s.receive()
		return
	}
	for i := range s.ps[:n] {
		p := &s.ps[i]
		p.Buf = p.Buf[:p.N]
		s.counts.bytes += int64(p.N)
	}
	tevent.Handle(s.d.SendBatch(s.ps[:n]), s, (*dgramServer).sent)
}

// sent goes on, whoever could not be reached: the others had their answers.
func (s *dgramServer) sent(n int, _ error) {
	s.counts.messages += int64(n)
	s.counts.broken += s.n - n
	for i := range s.ps[:s.n] {
		s.ps[i].Buf = s.ps[i].Buf[:largest]
	}
	s.receive()
}

func (s *dgramServer) stop(os.Signal) {
	s.drain = true
	s.recv.Cancel()
}

func (s *dgramServer) context() *tevent.Context { return s.ev }
func (s *dgramServer) addr() tsocket.Address    { return s.d.LocalAddr() }
func (s *dgramServer) done() counts             { return s.counts }
