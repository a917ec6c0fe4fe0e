package tsockettest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var peeks = []guarantee{
	{"S12 Peek lends all there is, Consume takes", peekLends},
	{"S12 Peek waits for its minimum", peekMinimum},
	{"S12 a minimum above the read-ahead", peekLarge},
	{"S12 at the end the rest is lent", peekAtEnd},
	{"S12 a minimum below 1 is EINVAL", peekInvalid},
	{"S12 no buffer is held while Peek waits", peekHoldsNothing},
	{"S12 an echo by Peek and Consume", peekEcho},
	{"S12 Consume of more than was lent panics", consumeTooMuch},
	{"R11 a cancelled Peek loses nothing", peekCancel},
}

func peekLends(p *pair) {
	p.write(p.a, "abcdef")
	p.arrived(p.b, 6)
	if b := get(p, p.b.Peek(6)); string(b) != "abcdef" {
		p.Fatalf("lent %q", b)
	}
	p.b.Consume(2)
	if b := get(p, p.b.Peek(1)); string(b) != "cdef" {
		p.Fatalf("lent %q", b)
	}
	if b := p.b.Buffered(); string(b) != "cdef" {
		p.Fatalf("buffered %q", b)
	}
	p.b.Consume(0)
	p.b.Consume(1)
	p.read(p.b, "def")
	if b := p.b.Buffered(); b != nil {
		p.Fatalf("buffered %q", b)
	}
}

func peekMinimum(p *pair) {
	r := p.b.Peek(4)
	p.write(p.a, "abc")
	p.idle()
	if !r.InProgress() {
		p.Fatal("a Peek completed with less than its minimum")
	}
	p.write(p.a, "d")
	if b := get(p, r); string(b) != "abcd" {
		p.Fatalf("lent %q", b)
	}
	p.b.Consume(4)
}

func peekLarge(p *pair) {
	const n = 3*tsocket.DefaultReadAhead + 7
	data := pattern(n)
	w := p.a.Writev(data)
	b := get(p, p.b.Peek(n))
	if len(b) < n || !bytes.Equal(b[:n], data) {
		p.Fatalf("lent %d bytes of %d, or others", len(b), n)
	}
	p.b.Consume(n)
	get(p, w)
	p.write(p.a, "next")
	p.read(p.b, "next")
}

func peekAtEnd(p *pair) {
	p.write(p.a, "abc")
	get(p, p.a.SendShutdown())
	b, err := wait(p, p.b.Peek(5))
	p.is(err, inside...)
	if string(b) != "abc" {
		p.Fatalf("lent %q", b)
	}
	p.b.Consume(1)
	if b, err = wait(p, p.b.Peek(5)); string(b) != "bc" {
		p.Fatalf("lent %q, %v", b, err)
	}
	p.is(err, inside...)
	if b = get(p, p.b.Peek(2)); string(b) != "bc" {
		p.Fatalf("lent %q", b)
	}
	p.b.Consume(2)
	b, err = wait(p, p.b.Peek(1))
	p.is(err, atEnd...)
	if b != nil {
		p.Fatalf("lent %q", b)
	}
}

func peekInvalid(p *pair) {
	fails(p, p.b.Peek(0), syscall.EINVAL)
	fails(p, p.b.Peek(-1), syscall.EINVAL)
}

func peekHoldsNothing(p *pair) {
	p.write(p.a, "warm")
	get(p, p.b.Peek(4))
	p.b.Consume(4)
	r := p.b.Peek(1)
	p.idle()
	if n := p.ev.Driver().Buffers.Taken(); n != 0 {
		p.Errorf("%d bytes of buffers are held", n)
	}
	r.Drop()
}

func peekEcho(p *pair) {
	const n = 300000
	data, got := pattern(n), make([]byte, n)
	e := &echo{s: p.b}
	e.Start(p.ev, "echo")
	e.read()
	w := p.a.Send(data)
	r := p.a.Readv(got)
	get(p, r)
	get(p, w)
	if !bytes.Equal(got, data) {
		p.Fatal("the echo differs")
	}
	get(p, p.a.SendShutdown())
	if k := get(p, e.Req()); k != n {
		p.Fatalf("the echo counted %d bytes", k)
	}
}

// echo sends back what comes until the end.
type echo struct {
	tevent.Op[int]
	s    *tsocket.Stream
	n, k int
}

func (e *echo) read() { tevent.Handle(e.s.Peek(1), e, (*echo).got) }

func (e *echo) got(b []byte, err error) {
	if err == nil {
		e.k = len(b)
		tevent.Then(e.s.Writev(b), e, (*echo).wrote)
		return
	}
	if len(b) > 0 || !errors.Is(err, io.EOF) {
		e.Fail(err)
		return
	}
	e.Done(e.n)
}

func (e *echo) wrote(n int) {
	e.n += n
	e.s.Consume(e.k)
	e.read()
}

func consumeTooMuch(p *pair) {
	p.write(p.a, "ab")
	get(p, p.b.Peek(2))
	defer p.b.Consume(2)
	defer func() {
		if recover() == nil {
			p.Error("Consume took more than there was")
		}
	}()
	p.b.Consume(3)
}

func peekCancel(p *pair) {
	r := p.b.Peek(5)
	p.write(p.a, "abc")
	p.idle()
	r.Cancel()
	fails(p, r, context.Canceled)
	p.read(p.b, "abc")
	get(p, p.a.SendShutdown())
	fails(p, p.b.Peek(1), io.EOF)
}
