package tsockettest

import (
	"errors"
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

var lives = []dgramGuarantee{
	{"S7 Disconnect beside an operation is EBUSY", dgramDisconnectBusy},
	{"S7 Disconnect aborts what follows, then there is no endpoint", dgramDisconnect},
	{"S7 Close completes what is pending and is final", dgramClose},
	{"S7 Monitor waits, once, and can be cancelled", dgramMonitor},
	{"R12 closing the context completes what is pending", dgramCloseContext},
	{"S8 an endpoint moves, and what came meanwhile is there", dgramMove},
	{"S8 a pending operation keeps an endpoint where it is", dgramMoveBusy},
	{"S8 a detached endpoint takes no operation and can be closed", dgramDetached},
	{"E8 an idle endpoint does not hold the loop", dgramIdle},
	{"an error is a net.OpError of datagrams", dgramOpError},
}

func dgramDisconnectBusy(p *dgrams) {
	r := p.b.Recvfrom(make([]byte, 1))
	fails(p, p.b.Disconnect(), syscall.EBUSY)
	p.send(p.a, "x")
	get(p, r)
}

func dgramDisconnect(p *dgrams) {
	m := p.a.Monitor()
	told := 0
	p.a.OnClose(func() { told++ })
	d := p.a.Disconnect()
	fails(p, m, syscall.ECONNABORTED)
	fails(p, p.a.Disconnect(), syscall.EALREADY)
	fails(p, p.a.Recvfrom(nil), syscall.ECONNABORTED)
	fails(p, p.a.Sendto(nil, p.to(p.a)), syscall.ECONNABORTED)
	fails(p, p.a.Monitor(), syscall.ECONNABORTED)
	get(p, d)
	fails(p, p.a.Disconnect(), syscall.ENOTCONN)
	fails(p, p.a.Recvfrom(nil), syscall.ENOTCONN)
	fails(p, p.a.RecvBatch(room(1, 1)), syscall.ENOTCONN)
	fails(p, p.a.Sendto(nil, p.to(p.a)), syscall.ENOTCONN)
	fails(p, p.a.SendBatch(p.batch(p.a, "x")), syscall.ENOTCONN)
	fails(p, p.a.Monitor(), syscall.ENOTCONN)
	if err := p.a.Close(); err != nil || told != 1 {
		p.Fatalf("Close after Disconnect: %v; OnClose was told %d times", err, told)
	}
}

func dgramClose(p *dgrams) {
	r, m := p.a.Recvfrom(make([]byte, 1)), p.a.Monitor()
	for range 2 {
		if err := p.a.Close(); err != nil {
			p.Fatal(err)
		}
	}
	fails(p, r, net.ErrClosed)
	fails(p, m, net.ErrClosed)
	fails(p, p.a.Recvfrom(nil), net.ErrClosed)
	fails(p, p.a.Sendto(nil, p.to(p.a)), net.ErrClosed)
	fails(p, p.a.Disconnect(), net.ErrClosed)
}

func dgramMonitor(p *dgrams) {
	m := p.b.Monitor()
	fails(p, p.b.Monitor(), syscall.EALREADY)
	p.send(p.a, "x")
	p.recv(p.b, "x")
	if !m.InProgress() {
		p.Fatal("Monitor ended")
	}
	m.Cancel()
	m.Drop()
	p.b.Monitor().Drop()
}

func dgramCloseContext(p *dgrams) {
	r, m := p.b.Recvfrom(make([]byte, 1)), p.b.Monitor()
	if err := p.ev.Close(); err != nil {
		p.Fatal(err)
	}
	_, err := r.Result()
	p.is(err, tevent.ErrClosed)
	_, err = m.Result()
	p.is(err, tevent.ErrClosed)
}

func dgramMove(p *dgrams) {
	r := p.b.Recvfrom(make([]byte, 1)) // readiness was asked for and forgotten
	p.idle()
	r.Drop()
	if err := p.b.SetEventContext(nil); err != nil {
		p.Fatal(err)
	}
	p.send(p.a, "while away")
	other := p.other(p)
	p.Cleanup(func() { p.b.Close() })
	if err := p.b.SetEventContext(other); err != nil {
		p.Fatal(err)
	}
	q := &dgrams{scene{p.TB, other}, p.a, p.b, p.other}
	q.idle()
	q.recv(p.b, "while away")
	q.send(p.b, "here")
	if p.b.Context() != other {
		p.Fatal("the endpoint is not on its new context")
	}
	p.recv(p.a, "here")
}

func dgramMoveBusy(p *dgrams) {
	busy := func(what string) {
		p.Helper()
		if err := p.b.SetEventContext(nil); !errors.Is(err, syscall.EBUSY) {
			p.Fatalf("with %s pending: %v", what, err)
		}
	}
	r := p.b.Recvfrom(nil)
	busy("a receive")
	r.Drop()
	m := p.b.Monitor()
	busy("a monitor")
	m.Drop()
	if err := p.b.SetEventContext(p.ev); err != nil {
		p.Fatalf("to the context it is on: %v", err)
	}
}

func dgramDetached(p *dgrams) {
	if err := p.b.SetEventContext(nil); err != nil {
		p.Fatal(err)
	}
	fails(p, p.b.Recvfrom(nil), syscall.EINVAL)
	fails(p, p.b.Sendto(nil, p.to(p.b)), syscall.EINVAL)
	if p.b.Context() != nil {
		p.Fatal("a detached endpoint has a context")
	}
	if err := p.b.Close(); err != nil {
		p.Fatal(err)
	}
}

func dgramIdle(p *dgrams) {
	p.send(p.a, "x")
	p.recv(p.b, "x")
	if err := p.ev.LoopWait(); err != nil {
		p.Fatal(err)
	}
}

func dgramOpError(p *dgrams) {
	_, err := wait(p, p.a.Sendto(huge, p.to(p.a)))
	var e *net.OpError
	if !errors.As(err, &e) || e.Op != "sendto" || e.Net != "udp" && e.Net != "unixgram" {
		p.Fatalf("the error is %#v", err)
	}
}
