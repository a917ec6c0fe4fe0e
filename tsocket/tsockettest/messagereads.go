package tsockettest

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"time"
)

var messageReads = []messageGuarantee{
	{"messages come whole and in order", messagesInOrder},
	{"a message of several buffers is one", messageOfBuffers},
	{"a message of very many buffers is one", messageOfManyBuffers},
	{"a message that is too long for the buffer is cut and says so", messageCut},
	{"what is cut off is lost, however long, and the next is whole", messageCutLong},
	{"a buffer that fits exactly cuts nothing", messageFits},
	{"an empty message or buffer is EINVAL", messageEmpty},
	{"one Recv at a time", messageBusy},
	{"a cancelled Recv has taken nothing", messageCancel},
	{"a Recv that timed out has taken nothing", messageTimeout},
	{"who does not receive stops the peer", messageBackpressure},
}

func messagesInOrder(p *messages) {
	texts := numbered(50)
	for _, text := range texts {
		p.a.Send([]byte(text)).Ignore()
	}
	for _, text := range texts {
		p.recv(p.b, text)
	}
}

func messageOfBuffers(p *messages) {
	r := p.a.Send([]byte("one "), nil, []byte("message"))
	p.recv(p.b, "one message")
	if n := get(p, r); n != 11 {
		p.Fatalf("Send says %d", n)
	}
}

func messageOfManyBuffers(p *messages) {
	bufs := make([][]byte, 3000)
	for i := range bufs {
		bufs[i] = []byte{'a' + byte(i%26)}
	}
	r := p.a.Send(bufs...)
	g := get(p, p.b.Recv(make([]byte, 3001)))
	if g.N != 3000 || g.Truncated || get(p, r) != 3000 {
		p.Fatalf("received %+v", g)
	}
}

func messageCut(p *messages) {
	p.send(p.a, "abcdef")
	p.send(p.a, "next")
	buf := make([]byte, 3)
	if g := get(p, p.b.Recv(buf)); g.N != 3 || !g.Truncated || string(buf) != "abc" {
		p.Fatalf("received %q, %+v", buf, g)
	}
	p.recv(p.b, "next")
}

func messageCutLong(p *messages) {
	long := strings.Repeat("0123456789", 3000)
	for range 3 {
		r := p.a.Send([]byte(long))
		p.a.Send([]byte("next")).Ignore()
		buf := make([]byte, 7)
		if g := get(p, p.b.Recv(buf)); g.N != 7 || !g.Truncated || string(buf) != "0123456" {
			p.Fatalf("received %q, %+v", buf, g)
		}
		p.idle()
		p.recv(p.b, "next")
		get(p, r)
	}
}

func messageFits(p *messages) {
	p.send(p.a, "abc")
	buf := make([]byte, 3)
	p.came(get(p, p.b.Recv(buf)), buf, "abc")
}

func messageEmpty(p *messages) {
	fails(p, p.a.Send(), syscall.EINVAL)
	fails(p, p.a.Send(nil, []byte{}), syscall.EINVAL)
	fails(p, p.b.Recv(nil), syscall.EINVAL)
	p.send(p.a, "x")
	p.recv(p.b, "x")
}

func messageBusy(p *messages) {
	buf := make([]byte, 4)
	r := p.b.Recv(buf)
	fails(p, p.b.Recv(make([]byte, 1)), syscall.EBUSY)
	p.send(p.a, "abc")
	p.came(get(p, r), buf, "abc")
}

func messageCancel(p *messages) {
	r := p.b.Recv(make([]byte, 9))
	p.idle()
	r.Cancel()
	if g := fails(p, r, context.Canceled); g.N != 0 {
		p.Fatalf("cancelled with %+v", g)
	}
	p.b.Recv(make([]byte, 9)).Drop()
	p.send(p.a, "first")
	p.send(p.a, "second")
	p.recv(p.b, "first")
	p.recv(p.b, "second")
}

func messageTimeout(p *messages) {
	r := p.b.Recv(make([]byte, 9)).SetTimeout(time.Millisecond)
	p.until("the time is over", func() bool { return !r.InProgress() })
	if _, err := r.Result(); !errors.Is(err, os.ErrDeadlineExceeded) {
		p.Fatal(err)
	}
	p.send(p.a, "later")
	p.recv(p.b, "later")
}

func messageBackpressure(p *messages) {
	sent := p.block()
	for i, text := range numbered(len(sent)) {
		buf := make([]byte, 20<<10)
		g := get(p, p.b.Recv(buf))
		if got := strings.TrimRight(string(buf[:g.N]), "\x00"); g.N != 16<<10 || g.Truncated || got != text {
			p.Fatalf("message %d of %d: %+v, %q", i, len(sent), g, got)
		}
	}
	for _, r := range sent {
		if n := get(p, r); n != 16<<10 {
			p.Fatalf("%d bytes were sent", n)
		}
	}
}
