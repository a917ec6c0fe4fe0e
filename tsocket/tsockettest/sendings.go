package tsockettest

import (
	"errors"
	"syscall"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

var sendings = []dgramGuarantee{
	{"D1 the error of a send does not stick", sendFails},
	{"D1 a queue serializes", queueSerializes},
	{"D1 the send of a queue comes behind another", queueBehindSend},
	{"Q3 what is cancelled while it waits leaves the order", queueCancel},
	{"S7 Close fails what waits in a queue", queueClosed},
	{"Q4 closing a queue completes its sends", queueCloses},
}

// huge is a datagram that no transport takes.
var huge = make([]byte, 16<<20)

func sendFails(p *dgrams) {
	for range 2 {
		if n := fails(p, p.a.Sendto(huge, p.to(p.a)), syscall.EMSGSIZE); n != 0 {
			p.Fatalf("%d bytes of a datagram were sent", n)
		}
		p.send(p.a, "fits")
		p.recv(p.b, "fits")
	}
}

func queueSerializes(p *dgrams) {
	q := queue.New(p.ev, "send")
	q.Stop()
	texts := numbered(9)
	var sends []tevent.Req[int]
	for _, text := range texts {
		sends = append(sends, p.a.SendtoQueue(q, []byte(text), p.to(p.a)))
	}
	p.idle()
	if !sends[0].InProgress() {
		p.Fatal("a stopped queue sends")
	}
	q.Start()
	for i, text := range texts {
		if n := get(p, sends[i]); n != len(text) {
			p.Fatalf("%d bytes of %q", n, text)
		}
		p.recv(p.b, text)
	}
	q.Close()
}

func queueBehindSend(p *dgrams) {
	q := queue.New(p.ev, "send")
	first := p.a.Sendto([]byte("first"), p.to(p.a))
	second := p.a.SendtoQueue(q, []byte("second"), p.to(p.a))
	get(p, first)
	get(p, second)
	p.recv(p.b, "first")
	p.recv(p.b, "second")
	q.Close()
}

func queueCancel(p *dgrams) {
	q := queue.New(p.ev, "send")
	q.Stop()
	a := p.a.SendtoQueue(q, []byte("a"), p.to(p.a))
	b := p.a.SendtoQueue(q, []byte("b"), p.to(p.a))
	c := p.a.SendtoQueue(q, []byte("c"), p.to(p.a))
	b.Drop()
	q.Start()
	get(p, a)
	get(p, c)
	p.recv(p.b, "a")
	p.recv(p.b, "c")
	q.Close()
}

func queueClosed(p *dgrams) {
	q := queue.New(p.ev, "send")
	q.Stop()
	r := p.a.SendtoQueue(q, []byte("x"), p.to(p.a))
	p.a.Close()
	q.Start()
	if _, err := wait(p, r); err == nil || errors.Is(err, syscall.EBADF) {
		p.Fatalf("the error is %v", err)
	}
	q.Close()
}

func queueCloses(p *dgrams) {
	q := queue.New(p.ev, "send")
	q.Stop()
	r := p.a.SendtoQueue(q, []byte("x"), p.to(p.a))
	q.Close()
	fails(p, r, queue.ErrClosed)
	p.send(p.a, "y")
	p.recv(p.b, "y")
}
