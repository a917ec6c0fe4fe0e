package tsockettest

import (
	"context"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var messageSends = []messageGuarantee{
	{"both directions at once", messagesBothWays},
	{"a message above the limit is EMSGSIZE and ends alone", messageTooLong},
	{"a message that waits leaves when it is cancelled", messageCancelSend},
	{"Q5 over its limits the queue takes no more, and says when it does", messageLimits},
	{"messages in a queue of the user's take their turn", messageQueue},
	{"what is sent at once and closed arrives", messageThenClose},
}

func messagesBothWays(p *messages) {
	there, back := p.b.Recv(make([]byte, 9)), p.a.Recv(make([]byte, 9))
	one, two := p.a.Send([]byte("there")), p.b.Send([]byte("back"))
	if get(p, there).N != 5 || get(p, back).N != 4 || get(p, one) != 5 || get(p, two) != 4 {
		p.Fatal("another message came")
	}
}

// hugeMessage is more than any transport takes.
var hugeMessage = make([]byte, 16<<20+1)

func messageTooLong(p *messages) {
	p.a.SetSendLimits(tsocket.Limits{Bytes: 64 << 20})
	before := p.a.Send([]byte("before"))
	r := p.a.Send(hugeMessage)
	after := p.a.Send([]byte("after"))
	if n := fails(p, r, syscall.EMSGSIZE); n != 0 {
		p.Fatalf("%d bytes of it were sent", n)
	}
	p.recv(p.b, "before")
	p.recv(p.b, "after")
	get(p, before)
	get(p, after)
	p.send(p.a, "and on")
	p.recv(p.b, "and on")
}

func messageCancelSend(p *messages) {
	sent := p.block()
	last := len(sent) - 1
	texts := numbered(len(sent))
	sent[last-1].Cancel()
	if n := fails(p, sent[last-1], context.Canceled); n != 0 {
		p.Fatalf("%d bytes of a message that waits were sent", n)
	}
	for i, text := range texts {
		if i == last-1 {
			continue
		}
		buf := make([]byte, 20<<10)
		g := get(p, p.b.Recv(buf))
		if got := strings.TrimRight(string(buf[:g.N]), "\x00"); got != text {
			p.Fatalf("%q came for %q", got, text)
		}
		get(p, sent[i])
	}
}

func messageLimits(p *messages) {
	p.a.SetSendLimits(tsocket.Limits{Entries: 2})
	one, two := p.a.Send([]byte("1")), p.a.Send([]byte("2"))
	if p.a.Room(1) {
		p.Fatal("there is room for a third")
	}
	fails(p, p.a.Send([]byte("3")), queue.ErrFull)
	get(p, p.a.Drained())
	get(p, one)
	get(p, two)
	p.recv(p.b, "1")
	p.recv(p.b, "2")
	p.send(p.a, "3")
	p.recv(p.b, "3")
}

func messageQueue(p *messages) {
	q := queue.New(p.ev, "messages")
	defer q.Close()
	q.Stop()
	var sent []tevent.Req[int]
	texts := numbered(20)
	for _, text := range texts {
		sent = append(sent, p.a.SendQueue(q, []byte(text)))
	}
	p.idle()
	sent[7].Cancel()
	fails(p, sent[7], context.Canceled)
	fails(p, p.a.SendQueue(q), syscall.EINVAL)
	q.Start()
	for i, text := range texts {
		if i != 7 {
			if n := get(p, sent[i]); n != len(text) {
				p.Fatalf("%d bytes of %q were sent", n, text)
			}
			p.recv(p.b, text)
		}
	}
}

func messageThenClose(p *messages) {
	r := p.a.Send([]byte("last words"))
	get(p, p.a.SendShutdown())
	get(p, r)
	p.a.Close()
	p.idle()
	p.recv(p.b, "last words")
	p.ends(p.b)
}
