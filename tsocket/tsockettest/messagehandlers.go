package tsockettest

import (
	"errors"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var messageHandlers = []messageGuarantee{
	{"S10 a readable handler is called until TryRecv says EAGAIN", messageReadable},
	{"S10 a readable handler is called for the end", messageReadableEnd},
	{"S10 a writeable handler is called when there is room again", messageWriteable},
	{"S10 only the writeable handler is called when both are ready", messageWriteableFirst},
	{"S10 a handler rests while a request is pending", messageHandlerRests},
	{"S7 Close and Disconnect end handlers", messageHandlersEnd},
	{"S8 a connection moves without its handlers", messageHandlersStay},
	{"E8 a handler holds the loop", messageHandlerHolds},
}

// collect sets a readable handler that receives one message a call, until an error.
func (p *messages) collect(m *tsocket.Messages) *gathered {
	c := &gathered{}
	m.SetReadableHandler(func() {
		c.calls++
		buf := make([]byte, 100)
		g, err := m.TryRecv(buf)
		switch {
		case err == nil:
			c.got = append(c.got, string(buf[:g.N]))
		case !errors.Is(err, syscall.EAGAIN):
			c.err = err
			m.SetReadableHandler(nil)
		}
	})
	return c
}

type gathered struct {
	got   []string
	err   error
	calls int
}

// has wants the messages to have come, and none else.
func (p *messages) has(c *gathered, texts ...string) {
	p.Helper()
	p.until("the messages come", func() bool { return len(c.got) >= len(texts) })
	for i, text := range texts {
		if c.got[i] != text {
			p.Fatalf("received %q, want %q", c.got, texts)
		}
	}
	c.got = c.got[len(texts):]
}

func messageReadable(p *messages) {
	c := p.collect(p.b)
	for _, text := range numbered(3) {
		p.send(p.a, text)
		p.send(p.a, "and more")
		p.has(c, text, "and more")
		p.idle() // until EAGAIN
		calls := c.calls
		p.idle()
		if c.calls != calls {
			p.Fatalf("called %d times with nothing to receive", c.calls-calls)
		}
	}
	p.b.SetReadableHandler(nil)
	p.send(p.a, "later")
	p.idle()
	if len(c.got) > 0 {
		p.Fatal("called after it was taken back")
	}
	p.recv(p.b, "later")
}

func messageReadableEnd(p *messages) {
	c := p.collect(p.b)
	p.send(p.a, "last words")
	get(p, p.a.SendShutdown())
	p.until("the end is told", func() bool { return c.err != nil })
	p.is(c.err, atEnd...)
	p.has(c, "last words")
	c = p.collect(p.b)
	p.until("it is told again", func() bool { return c.err != nil })
	p.is(c.err, atEnd...)
}

func messageWriteable(p *messages) {
	text, sent, calls, received := make([]byte, 16<<10), 0, 0, false
	p.a.SetWriteableHandler(func() {
		calls++
		_, err := p.a.TrySend(text)
		switch {
		case err != nil:
			p.is(err, syscall.EAGAIN)
		case received:
			p.a.SetWriteableHandler(nil)
			fallthrough
		default:
			sent++
		}
	})
	p.until("it is not called without room", func() bool {
		before := calls
		p.idle()
		return sent > 0 && calls == before
	})
	had := sent
	received = true
	for range had {
		get(p, p.b.Recv(make([]byte, len(text))))
	}
	p.until("there is room", func() bool { return sent > had })
	get(p, p.b.Recv(make([]byte, len(text))))
}

func messageWriteableFirst(p *messages) {
	p.send(p.a, "x")
	wrote, read := 0, 0
	p.b.SetWriteableHandler(func() {
		switch wrote++; wrote {
		case 1:
			p.b.SetReadableHandler(func() { read = wrote })
		case 30:
			p.b.SetWriteableHandler(nil)
		}
	})
	p.until("the readable one is called too", func() bool { return read > 0 })
	if read != 30 {
		p.Fatalf("it was called after %d calls of the writeable one", read)
	}
}

func messageHandlerRests(p *messages) {
	c := p.collect(p.b)
	p.turns(3) // it waits
	buf := make([]byte, 9)
	r := p.b.Recv(buf)
	p.send(p.a, "request")
	p.came(get(p, r), buf, "request")
	p.idle()
	if len(c.got) > 0 {
		p.Fatalf("the handler had %q", c.got)
	}
	p.send(p.a, "handler")
	p.has(c, "handler")
	calls := 0
	sent := p.block()
	p.a.SetWriteableHandler(func() { calls++ })
	p.idle()
	if calls > 0 {
		p.Fatal("called beside a request")
	}
	for _, r := range sent {
		r.Drop()
	}
}

func messageHandlersEnd(p *messages) {
	never := func() { p.Error("called after the end") }
	for _, m := range [...]*tsocket.Messages{p.a, p.b} {
		m.SetReadableHandler(never)
		m.SetWriteableHandler(never)
	}
	p.a.Close()
	get(p, p.b.Disconnect())
	p.idle()
	if err := p.ev.LoopWait(); err != nil {
		p.Fatal(err)
	}
}

func messageHandlersStay(p *messages) {
	p.send(p.a, "x")
	p.tryUntil(p.b, "x")
	moved := false
	p.b.SetReadableHandler(func() {
		if moved {
			p.Error("called after it has moved")
		}
	})
	p.turns(3)
	q := p.move(func() {})
	moved = true
	p.send(p.a, "y")
	q.idle()
	q.tryUntil(p.b, "y")
	c := q.collect(p.b)
	p.send(p.a, "z")
	q.has(c, "z")
}

func messageHandlerHolds(p *messages) {
	c := p.collect(p.b)
	p.turns(3)
	t := tevent.NewTimer(p.ev, func() {
		p.a.Send([]byte("x")).Ignore()
		p.a.SendShutdown().Ignore()
	})
	t.Reset(0)
	if err := p.ev.LoopWait(); err != nil || len(c.got) != 1 || c.err == nil {
		p.Fatalf("the loop ends with %v, the handler has %q, %v", err, c.got, c.err)
	}
}
