package tsocket_test

import (
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// loopback is a port of the system's choice.
func loopback(t *testing.T) tsocket.Address {
	t.Helper()
	a, err := tsocket.ParseAddress("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// onceEcho sends back one message and ends.
type onceEcho struct {
	tevent.Op[tevent.None]
	s *tsocket.Stream
	b [4]byte
}

func serveEcho(s *tsocket.Stream) tevent.Req[tevent.None] {
	e := &onceEcho{s: s}
	e.Start(s.Context(), "echo")
	e.Own(s)
	tevent.Then(s.Readv(e.b[:]), e, (*onceEcho).got)
	return e.Req()
}

func (e *onceEcho) got(int) { tevent.Then(e.s.Writev(e.b[:]), e, (*onceEcho).wrote) }

func (e *onceEcho) wrote(int) { e.Done(tevent.None{}) }

// askGroup is n clients, one after the other, on the other side of the system.
func askGroup(addr string, n int) error {
	for range n {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return err
		}
		var b [4]byte
		_, err = c.Write([]byte("ping"))
		if err == nil {
			_, err = io.ReadFull(c, b[:])
		}
		_ = c.Close()
		if err != nil || string(b[:]) != "ping" {
			return fmt.Errorf("%q, %w", b, err)
		}
	}
	return nil
}

const clients = 60

// groupServer counts the clients and ends the group when all have been served.
type groupServer struct {
	g      *tevent.Group
	served [2]atomic.Int32 // by loop
	lists  [2]*tsocket.Listener
}

func (gs *groupServer) accept(i int, to func(i int, s *tsocket.Stream)) {
	gs.lists[i].Accept().SetCallback(func(r tevent.Req[*tsocket.Stream]) {
		if s, err := r.Result(); err == nil {
			to(i, s)
			gs.accept(i, to)
		}
	})
}

func (gs *groupServer) serve(i int, s *tsocket.Stream) {
	serveEcho(s).SetCallback(func(tevent.Req[tevent.None]) { gs.over(i) })
}

func (gs *groupServer) over(i int) {
	gs.served[i].Add(1)
	if gs.served[0].Load()+gs.served[1].Load() == clients {
		for i := range gs.g.Size() {
			gs.g.Context(i).Post(func() { gs.close(i) })
		}
	}
}

func (gs *groupServer) close(i int) {
	if l := gs.lists[i]; l != nil {
		_ = l.Close()
	}
}

func twoLoops(t *testing.T) *tevent.Group {
	return tevent.NewGroupOn(2, func(int) (*tevent.Context, error) { return teventtest.New(t), nil })
}

// runWith runs the group and its clients.
func (gs *groupServer) runWith(t *testing.T, addr func() string) {
	t.Helper()
	asked := make(chan error, 1)
	gs.g.Each(func(i int, _ *tevent.Context) error {
		if i == gs.g.Size()-1 {
			a := addr()
			go func() { asked <- askGroup(a, clients) }()
		}
		return nil
	})
	if err := gs.g.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-asked; err != nil {
		t.Fatal(err)
	}
	t.Log("served", gs.served[0].Load(), gs.served[1].Load())
}

func TestGroupSharesAPortAmongItsListeners(t *testing.T) {
	gs := &groupServer{g: twoLoops(t)}
	addr := loopback(t)
	gs.g.Each(func(i int, ev *tevent.Context) (err error) {
		gs.lists[i], err = tsocket.ListenConfig{ReusePort: true}.Listen(ev, addr)
		if err == nil {
			addr = gs.lists[i].Addr()
			gs.accept(i, gs.serve)
		}
		return err
	})
	gs.runWith(t, func() string { return addr.String() })
	if a, b := gs.served[0].Load(), gs.served[1].Load(); a == 0 || b == 0 || a+b != clients {
		t.Fatal(a, b)
	}
}

// One loop accepts; each second stream goes to the other.
func TestGroupHandsAcceptedStreamsOver(t *testing.T) {
	gs := &groupServer{g: twoLoops(t)}
	n := 0
	share := func(i int, s *tsocket.Stream) {
		if n++; n%2 == 0 {
			gs.serve(i, s)
			return
		}
		if err := s.SetEventContext(nil); err != nil {
			t.Error(err)
		}
		gs.g.Context(1).Post(func() {
			if err := s.SetEventContext(gs.g.Context(1)); err != nil {
				t.Error(err)
			}
			gs.serve(1, s)
		})
	}
	gs.g.Each(func(i int, ev *tevent.Context) (err error) {
		if i == 0 {
			gs.lists[0], err = tsocket.Listen(ev, loopback(t))
			if err == nil {
				gs.accept(0, share)
			}
		}
		return err
	})
	gs.runWith(t, func() string { return gs.lists[0].Addr().String() })
	if a, b := gs.served[0].Load(), gs.served[1].Load(); a != clients/2 || b != clients/2 {
		t.Fatal(a, b)
	}
}
