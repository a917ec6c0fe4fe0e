package main

import (
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// pinger sends a byte and waits for it, a number of rounds, and leaves. It
// completes with the rounds.
type pinger struct {
	tevent.Op[int]
	ev   *tevent.Context
	s    *tsocket.Stream
	todo int
	done int
	tell func(round int)
	buf  [1]byte
}

func ping(ev *tevent.Context, addr tsocket.Address, rounds int, tell func(round int)) tevent.Req[int] {
	p := &pinger{ev: ev, todo: rounds, tell: tell}
	p.Start(ev, "ping")
	tsocket.Connect(ev, addr).Then(p, p.connected)
	return p.Req()
}

func (p *pinger) connected(s *tsocket.Stream) {
	p.s = s
	p.Own(s)
	p.send(tevent.None{})
}

func (p *pinger) send(tevent.None) { p.s.Writev(p.buf[:]).Then(p, p.sent) }

func (p *pinger) sent(int) { p.s.Readv(p.buf[:]).Then(p, p.answered) }

func (p *pinger) answered(int) {
	p.done++
	p.tell(p.done)
	if p.done == p.todo {
		p.Done(p.done)
		return
	}
	tevent.Sleep(p.ev, time.Millisecond).Then(p, p.send)
}

// idler connects and stays until the server ends the connection.
type idler struct {
	tevent.Op[tevent.None]
}

func idle(ev *tevent.Context, addr tsocket.Address) tevent.Req[tevent.None] {
	i := &idler{}
	i.Start(ev, "idle")
	tsocket.Connect(ev, addr).Then(i, i.connected)
	return i.Req()
}

func (i *idler) connected(s *tsocket.Stream) {
	i.Own(s)
	s.Monitor().Handle(i, i.gone)
}

func (i *idler) gone(tevent.None, error) { i.Done(tevent.None{}) }
