package tsockettest

import (
	"context"
	"errors"
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

var messageLives = []messageGuarantee{
	{"S7 Disconnect beside an operation is EBUSY", messageDisconnectBusy},
	{"S7 Disconnect aborts what follows, then there is no connection", messageDisconnect},
	{"S7 Close completes what is pending and is final", messageClose},
	{"S7 Monitor tells an end although nobody receives", messageMonitor},
	{"S7 Monitor is one, and can be cancelled", messageMonitorOnce},
	{"R12 closing the context completes what is pending", messageCloseContext},
	{"S8 a connection moves, and what came meanwhile is there", messageMove},
	{"S8 a connection moves inside a message that was cut", messageMoveInside},
	{"S8 a pending operation keeps a connection where it is", messageMoveBusy},
	{"S8 a detached connection takes no operation and can be closed", messageDetached},
	{"E8 an idle connection does not hold the loop", messageIdle},
	{"an error is a net.OpError", messageOpError},
}

func messageDisconnectBusy(p *messages) {
	r := p.b.Recv(make([]byte, 1))
	fails(p, p.b.Disconnect(), syscall.EBUSY)
	p.send(p.a, "x")
	get(p, r)
}

func messageDisconnect(p *messages) {
	m := p.a.Monitor()
	told := 0
	p.a.OnClose(func() { told++ })
	p.send(p.a, "bye")
	d := p.a.Disconnect()
	fails(p, m, syscall.ECONNABORTED)
	fails(p, p.a.Disconnect(), syscall.EALREADY)
	fails(p, p.a.Recv(make([]byte, 1)), syscall.ECONNABORTED)
	fails(p, p.a.Send([]byte("x")), syscall.ECONNABORTED)
	get(p, d)
	fails(p, p.a.Disconnect(), syscall.ENOTCONN)
	fails(p, p.a.Recv(make([]byte, 1)), syscall.ENOTCONN)
	fails(p, p.a.Send([]byte("x")), syscall.ENOTCONN)
	fails(p, p.a.SendShutdown(), syscall.ENOTCONN)
	fails(p, p.a.Monitor(), syscall.ENOTCONN)
	p.recv(p.b, "bye")
	p.ends(p.b)
	if err := p.a.Close(); err != nil || told != 1 {
		p.Fatalf("Close after Disconnect: %v; OnClose was told %d times", err, told)
	}
}

func messageClose(p *messages) {
	r, m := p.a.Recv(make([]byte, 1)), p.a.Monitor()
	sent := p.block()
	for range 2 {
		if err := p.a.Close(); err != nil {
			p.Fatal(err)
		}
	}
	fails(p, r, net.ErrClosed)
	fails(p, m, net.ErrClosed)
	for i, r := range sent {
		if _, err := wait(p, r); i == len(sent)-1 || err != nil {
			p.is(err, net.ErrClosed)
		}
	}
	fails(p, p.a.Recv(make([]byte, 1)), net.ErrClosed)
	fails(p, p.a.Send([]byte("x")), net.ErrClosed)
	fails(p, p.a.Monitor(), net.ErrClosed)
	fails(p, p.a.Disconnect(), net.ErrClosed)
}

func messageMonitor(p *messages) {
	m := p.b.Monitor()
	p.send(p.a, "last words")
	p.idle()
	if !m.InProgress() {
		p.Fatal("Monitor ended with the peer there")
	}
	p.a.Close()
	fails(p, m, atEnd...)
	p.recv(p.b, "last words")
	p.ends(p.b)
}

func messageMonitorOnce(p *messages) {
	m := p.b.Monitor()
	fails(p, p.b.Monitor(), syscall.EALREADY)
	p.send(p.a, "x")
	p.recv(p.b, "x")
	if !m.InProgress() {
		p.Fatal("Monitor ended")
	}
	m.Cancel()
	fails(p, m, context.Canceled)
	p.b.Monitor().Drop()
}

func messageCloseContext(p *messages) {
	r, m := p.b.Recv(make([]byte, 1)), p.b.Monitor()
	if err := p.ev.Close(); err != nil {
		p.Fatal(err)
	}
	_, err := r.Result()
	p.is(err, tevent.ErrClosed)
	_, err = m.Result()
	p.is(err, tevent.ErrClosed)
}

// move takes b to another context.
func (p *messages) move(meanwhile func()) *messages {
	p.Helper()
	if err := p.b.SetEventContext(nil); err != nil {
		p.Fatal(err)
	}
	meanwhile()
	other := p.other(p)
	p.Cleanup(func() { p.b.Close() })
	if err := p.b.SetEventContext(other); err != nil {
		p.Fatal(err)
	}
	return &messages{scene{p.TB, other}, p.a, p.b, p.other}
}

func messageMove(p *messages) {
	r := p.b.Recv(make([]byte, 1)) // readiness was asked for and forgotten
	p.idle()
	r.Drop()
	p.send(p.a, "before")
	q := p.move(func() { p.send(p.a, "while away") })
	q.idle()
	q.recv(p.b, "before")
	q.recv(p.b, "while away")
	q.send(p.b, "here")
	if p.b.Context() != q.ev {
		p.Fatal("the connection is not on its new context")
	}
	p.recv(p.a, "here")
}

func messageMoveInside(p *messages) {
	p.send(p.a, "abcdef")
	if g := get(p, p.b.Recv(make([]byte, 2))); g.N != 2 || !g.Truncated {
		p.Fatalf("%+v", g)
	}
	q := p.move(func() {})
	p.send(p.a, "next")
	q.recv(p.b, "next")
}

func messageMoveBusy(p *messages) {
	busy := func(what string) {
		p.Helper()
		if err := p.b.SetEventContext(nil); !errors.Is(err, syscall.EBUSY) {
			p.Fatalf("with %s pending: %v", what, err)
		}
	}
	r := p.b.Recv(make([]byte, 1))
	busy("a Recv")
	r.Drop()
	m := p.b.Monitor()
	busy("a monitor")
	m.Drop()
	if err := p.b.SetEventContext(p.ev); err != nil {
		p.Fatalf("to the context it is on: %v", err)
	}
}

func messageDetached(p *messages) {
	if err := p.b.SetEventContext(nil); err != nil {
		p.Fatal(err)
	}
	fails(p, p.b.Recv(make([]byte, 1)), syscall.EINVAL)
	fails(p, p.b.Send([]byte("x")), syscall.EINVAL)
	if p.b.Context() != nil {
		p.Fatal("a detached connection has a context")
	}
	if err := p.b.Close(); err != nil {
		p.Fatal(err)
	}
}

func messageIdle(p *messages) {
	p.send(p.a, "x")
	p.recv(p.b, "x")
	if err := p.ev.LoopWait(); err != nil {
		p.Fatal(err)
	}
}

func messageOpError(p *messages) {
	p.a.Close()
	_, err := wait(p, p.a.Recv(make([]byte, 1)))
	p.opError(err, "recv")
	_, err = wait(p, p.a.Send([]byte("x")))
	p.opError(err, "send")
}

func (p *messages) opError(err error, verb string) {
	p.Helper()
	var e *net.OpError
	if !errors.As(err, &e) || e.Op != verb {
		p.Fatalf("the error of %s is %#v", verb, err)
	}
}
