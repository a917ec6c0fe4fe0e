package main

import (
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// proxying is one client: it accepts him, connects to the upstream, and is done
// when both directions have ended. A failure of either ends both.
type proxying struct {
	tevent.Op[tevent.None]
	ev             *tevent.Context
	upstream       tsocket.Address
	client, server *tsocket.Stream
	held           int
	up, down       int64
}

func newProxy(ev *tevent.Context, l *tsocket.Listener, upstream tsocket.Address) *proxying {
	p := &proxying{ev: ev, upstream: upstream}
	p.Start(ev, "proxy")
	p.Own(l)
	l.Accept().Then(p, p.accepted)
	return p
}

func (p *proxying) accepted(s *tsocket.Stream) {
	p.client = s
	p.Own(s)
	tsocket.Connect(p.ev, p.upstream).Then(p, p.connected)
}

func (p *proxying) connected(s *tsocket.Stream) {
	p.server = s
	p.Own(s)
	up, down := carry(p.client, p.server, &p.held), carry(p.server, p.client, &p.held)
	tevent.All(p.ev, up, down).Then(p, p.carried)
}

func (p *proxying) carried(n []int64) {
	p.up, p.down = n[0], n[1]
	p.Done(tevent.None{})
}
