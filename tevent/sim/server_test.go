package sim_test

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/arch/self"
	"github.com/tsocket-go/tsocket/arch/tcp"
	"github.com/tsocket-go/tsocket/examples/quickstart/transfer"
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
)

// endpoint is one of the parties.
func endpoint(ev *tevent.Context, name string) *precon.Endpoint {
	return precon.NewEndpoint(ev, precon.Config{
		Name:    name,
		Archs:   []precon.Arch{self.Arch{}, tcp.Arch{}},
		Timeout: 5 * time.Second,
	})
}

// server serves any number of clients until it is told to stop, then waits for
// those it has.
type server struct {
	tevent.Op[tevent.None]
	ev     *tevent.Context
	party  *party
	l      *precon.Listener
	accept tevent.Req[*precon.Conn]
	live   int
	drain  bool
}

// serve is the server's process.
func (p *party) serve(ev *tevent.Context) {
	l, err := endpoint(ev, "server").Listen(p.addr)
	if err != nil {
		p.lost = err
		return
	}
	p.listening = true
	s := &server{ev: ev, party: p, l: l}
	s.Start(ev, "server")
	s.Own(l)
	tevent.NextSignal(ev, syscall.SIGTERM).Then(s, s.stop)
	s.next()
	_, p.lost = tevent.Wait(ev, s.Req())
}

func (s *server) next() {
	s.accept = s.l.Accept()
	tevent.Handle(s.accept, s, (*server).accepted)
}

func (s *server) accepted(c *precon.Conn, err error) {
	if err != nil {
		s.settle(err)
		return
	}
	s.live++
	s.party.agree.Said(c.Plan().Peer, "the server", verdict(c.Plan()), nil)
	s.party.met(c.Plan().Peer)
	transfer.Echo(s.ev, c).SetTimeout(patience).Handle(s, s.ended)
	if !s.drain { // this one was accepted before stop could cancel
		s.next()
	}
}

func (s *server) ended(*transfer.Served, error) {
	s.live--
	s.settle(nil)
}

func (s *server) stop(os.Signal) {
	s.drain = true
	s.accept.Cancel()
	s.settle(nil)
}

// settle ends the server on a lost listener, or when it drains and nobody is left.
func (s *server) settle(err error) {
	switch {
	case err != nil && !s.drain:
		s.Fail(err)
	case s.drain && s.live == 0 && s.InProgress():
		s.Done(tevent.None{})
	}
}

// verdict is what both sides of a connection have to agree on.
func verdict(p precon.Plan) string { return fmt.Sprintf("version %d, path %s", p.Version, p.Path) }
