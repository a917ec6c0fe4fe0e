package precon

import (
	"errors"
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/machine"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// session is the shell of one machine: it feeds it what happens on the
// bootstrap and carries out what it says, until the bootstrap is the path's or
// is closed. It outlives the request it works for by the time a FAIL needs to
// arrive.
type session struct {
	tevent.Op[tevent.None]
	ep     *Endpoint
	ev     *tevent.Context
	client client
	m      *machine.Machine
	mine   wire.ConInfo
	not    []PlanLine // not offered

	boot  *tsocket.Stream
	gate  *tsocket.Gate // of the bootstrap
	want  int           // bytes of the frame that is being read
	alien error         // why the peer is none, while it reads that

	inputs  []func() []machine.Action
	pumping bool

	began    time.Time
	limit    time.Time
	deadline tevent.Timer
	timer    tevent.Timer // the machine's
	armed    machine.Timer

	key  sessionKey // of a passive session that knows its peer
	half *half
	conn *Conn         // from the commit on
	path *tsocket.Gate // of a stream beside the bootstrap; its reads wait for the peer's commit

	late   bool // the deadline has passed
	told   bool // the client knows how it failed
	handed bool // the peer has committed to a path beside
}

// sessionKey names a connection of a peer over its bootstraps.
type sessionKey struct{ endpoint, conn wire.ID }

// client is who a session works for. It hears exactly one of opened, failed and
// looped, once; over comes last.
type client interface {
	opened(c *Conn)
	failed(s *session, f *machine.Fault)
	looped(conn wire.ID)
	over(s *session)
}

// newSession starts to negotiate on boot, which it owns from now on.
func (e *Endpoint) newSession(boot *tsocket.Stream, role wire.Role, conn wire.ID, limit time.Time, c client) (*session, error) {
	s := &session{ep: e, ev: e.ev, client: c, boot: boot, want: 1, began: e.ev.Now(), limit: limit}
	s.mine, s.not = e.conInfo(role, conn, boot)
	m, err := machine.New(machine.Config{
		Mine:    s.mine,
		Init:    s.init,
		OwnDial: func(id wire.ID) bool { return e.looper() != nil && e.dials[id] != nil },
	})
	if err != nil {
		boot.Close()
		return nil, err
	}
	if s.gate, err = boot.Gate(); err != nil {
		boot.Close()
		return nil, err
	}
	s.m = m
	s.begin()
	return s, nil
}

func (s *session) begin() {
	s.Start(s.ev, "negotiation")
	s.Req().Ignore()
	s.SetCancel(s.kill)
	s.timer.Init(s.ev, func() { s.event(machine.Expired{Timer: s.armed}) })
	s.deadline.Init(s.ev, s.expired)
	s.deadline.ResetAt(s.limit)
	s.input(s.m.Start)
	s.read()
}

// event tells the machine what happened here.
func (s *session) event(e machine.Event) {
	s.input(func() []machine.Action { return s.m.Event(e) })
}

// input runs one input of the machine after the actions of those before it.
func (s *session) input(in func() []machine.Action) {
	s.inputs = append(s.inputs, in)
	if s.pumping {
		return
	}
	s.pumping = true
	for len(s.inputs) > 0 && s.InProgress() {
		in := s.inputs[0]
		s.inputs = s.inputs[1:]
		for _, a := range in() {
			s.do(a)
		}
		s.inform()
	}
	s.inputs, s.pumping = nil, false
}

// do carries out one action.
func (s *session) do(a machine.Action) {
	switch a := a.(type) {
	case machine.Send:
		s.gate.Send(a.Frame.Bytes()).Ignore()
	case machine.Met:
		s.ep.met(s)
	case machine.BeginHalf:
		s.half = s.newHalf(a)
	case machine.CancelHalf:
		s.half.cancel()
	case machine.Deliver:
		s.half.channel.deliver(a.Data)
	case machine.Arm:
		s.armed = a.Timer
		s.timer.Reset(a.Duration(s.limit.Sub(s.ev.Now())))
	case machine.Disarm:
		s.timer.Stop()
	case machine.Open:
		s.open()
	case machine.Handover:
		s.handover()
	case machine.ShutWrite:
		s.boot.SendShutdown().Ignore()
	case machine.Close:
		s.close(a.Reset)
	case machine.Loop:
		s.client.looped(a.Conn)
		s.finish()
	case machine.Report:
		s.report(a.Fault)
	}
}

// init is the machine's question to an arch, in Init. The reason of a refusal
// there is always the same; what is told is its text.
func (s *session) init(name string, peer *wire.ConInfo) error {
	err := s.ep.arch(name).Init(s.pair(name, peer))
	if r := (*Refusal)(nil); errors.As(err, &r) {
		return errors.New(r.Text)
	}
	return err
}

// pair is what an arch may know.
func (s *session) pair(name string, peer *wire.ConInfo) Pair {
	p := Pair{Active: s.mine.Role == wire.Active, Bootstrap: s.boot.LocalAddr().Network()}
	o, _ := s.mine.Offer(name)
	p.Mine = o.Params
	if peer != nil {
		o, _ := peer.Offer(name)
		p.Theirs, p.Known, p.Peer = o.Params, true, peer.Name
		p.SameHost = hostTag(s.ep.host, peer.Endpoint) == peer.HostTag
	}
	return p
}

// plan is how far it came; path is the arch chosen.
func (s *session) plan(path string) Plan {
	p := planOf(s.m, &s.mine, s.not, path)
	p.Took = s.ev.Now().Sub(s.began)
	return p
}
