package tsockettest

import (
	"errors"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var handlers = []guarantee{
	{"S10 a readable handler is called until TryReadv says EAGAIN", readableUntilEAGAIN},
	{"S10 a readable handler is called for what was over-read", readableOverRead},
	{"S10 a readable handler is called for the end, and TryReadv tells it", readableEnd},
	{"S10 a writeable handler is called when there is room again", writeableAgain},
	{"S10 a writeable handler is called when the peer has gone", writeableGone},
	{"S10 only the writeable handler is called when both are ready", writeableFirst},
	{"S10 a handler rests while a request is pending", handlerRests},
	{"S10 a writeable handler is called when the write before it is done", writeableAfter},
	{"S10 a handler may change handlers, and close the stream", handlerChanges},
	{"S3 a readable handler loses no byte of a peer that closed", readableLosesNothing},
	{"S7 Close and Disconnect end handlers", handlersEnd},
	{"S8 a stream moves without its handlers", handlersStay},
	{"E8 a handler holds the loop", handlerHolds},
}

// collect sets a readable handler that reads at most n bytes a call, and goes on
// until an error; the bytes and the error are what it has.
func (p *pair) collect(s *tsocket.Stream, n int) *collected {
	c := &collected{}
	s.SetReadableHandler(func() {
		c.calls++
		b := make([]byte, n)
		k, err := s.TryReadv(b)
		c.got = append(c.got, b[:k]...)
		if err != nil && !errors.Is(err, syscall.EAGAIN) {
			c.err = err
			s.SetReadableHandler(nil)
		}
	})
	return c
}

type collected struct {
	got   []byte
	err   error
	calls int
}

func readableUntilEAGAIN(p *pair) {
	c := p.collect(p.b, 3)
	for _, text := range []string{"hello", " ", "wide world"} {
		p.write(p.a, text)
		p.until("everything is read", func() bool { return len(c.got) >= len(text) })
		if string(c.got) != text {
			p.Fatalf("%q", c.got)
		}
		c.got = nil
		p.idle() // until EAGAIN
		calls := c.calls
		p.idle()
		if c.calls != calls {
			p.Fatalf("called %d times with nothing to read", c.calls-calls)
		}
	}
	p.b.SetReadableHandler(nil)
	p.write(p.a, "later")
	p.idle()
	if len(c.got) > 0 {
		p.Fatal("called after it was taken back")
	}
	p.read(p.b, "later")
}

func readableOverRead(p *pair) {
	p.write(p.a, "abcdef")
	p.arrived(p.b, 6)
	p.read(p.b, "ab")
	get(p, p.b.Peek(1)) // lent, and still to be read
	c := p.collect(p.b, 1)
	p.until("the rest is read", func() bool { return len(c.got) == 4 })
	if string(c.got) != "cdef" {
		p.Fatalf("%q", c.got)
	}
}

func readableEnd(p *pair) {
	c := p.collect(p.b, 10)
	p.write(p.a, "last words")
	get(p, p.a.SendShutdown())
	p.until("the end is told", func() bool { return c.err != nil })
	p.is(c.err, atEnd...)
	if string(c.got) != "last words" {
		p.Fatalf("%q", c.got)
	}
	c = p.collect(p.b, 1)
	p.until("it is told again", func() bool { return c.err != nil })
	p.is(c.err, atEnd...)
}

func writeableAgain(p *pair) {
	block, n, calls, read := make([]byte, 50000), 0, 0, false
	p.a.SetWriteableHandler(func() {
		calls++
		k, err := p.a.TryWritev(block)
		n += k
		switch {
		case err != nil:
			p.is(err, syscall.EAGAIN)
		case read:
			p.a.SetWriteableHandler(nil)
		}
	})
	p.until("it is not called without room", func() bool {
		before := calls
		p.idle()
		return n > 0 && calls == before
	})
	had := n
	read = true
	get(p, p.b.Readv(make([]byte, had)))
	p.until("there is room", func() bool { return n > had })
	get(p, p.b.Readv(make([]byte, n-had)))
}

func writeableGone(p *pair) {
	p.tryFill(p.a)
	var err error
	p.a.SetWriteableHandler(func() {
		for err == nil {
			if _, err = p.a.TryWritev([]byte("x")); errors.Is(err, syscall.EAGAIN) {
				err = nil
				return
			}
		}
		p.a.SetWriteableHandler(nil)
	})
	p.idle()
	p.b.Close()
	p.until("the error is told", func() bool { return err != nil })
	p.broken(err)
	_, again := p.a.TryWritev([]byte("x"))
	p.broken(again)
}

func writeableFirst(p *pair) {
	p.write(p.a, "x")
	p.arrived(p.b, 1)
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

func handlerRests(p *pair) {
	calls := 0
	p.b.SetReadableHandler(func() { calls++ })
	b := make([]byte, 4)
	r := p.keep(p.b.Readv(b))
	p.write(p.a, "12")
	p.idle()
	if calls != 0 {
		p.Fatal("called beside a request")
	}
	p.write(p.a, "345")
	p.until("the request completes", func() bool { return r.done })
	p.until("it is called again", func() bool { return calls > 0 })
	p.b.SetReadableHandler(nil)
	p.tryRead(p.b, "5")
	calls = 0
	p.a.SetWriteableHandler(func() { calls++ })
	w := p.block(p.a)
	p.idle()
	if calls != 0 {
		p.Fatal("called beside a request")
	}
	w.Cancel()
	w.Ignore()
}

func writeableAfter(p *pair) {
	calls := 0
	w := p.keep(p.a.Writev(make([]byte, p.flood)))
	p.a.SetWriteableHandler(func() {
		if calls++; !w.done {
			p.Error("called beside a request")
		}
	})
	p.idle()
	get(p, p.b.Readv(make([]byte, p.flood)))
	p.until("the handler is called", func() bool { return calls > 0 })
}

func handlerChanges(p *pair) {
	p.write(p.a, "x")
	var order []string
	p.b.SetReadableHandler(func() {
		order = append(order, "read")
		p.b.SetReadableHandler(nil)
		p.b.SetWriteableHandler(func() {
			order = append(order, "write")
			p.b.SetWriteableHandler(nil)
			p.b.SetReadableHandler(func() {
				order = append(order, "close")
				p.b.Close()
			})
		})
	})
	p.until("it is closed", func() bool { return len(order) == 3 })
	p.idle()
	if len(order) != 3 || order[2] != "close" {
		p.Fatal(order)
	}
}

func readableLosesNothing(p *pair) {
	const n = 50000
	w := p.keep(p.a.Writev(pattern(n)))
	c := p.collect(p.b, 999)
	p.until("all is sent", func() bool { return w.done })
	p.a.Close()
	p.until("the end is told", func() bool { return c.err != nil })
	if string(c.got) != string(pattern(n)) {
		p.Fatalf("%d bytes of %d came, then %v", len(c.got), n, c.err)
	}
}

func handlersEnd(p *pair) {
	never := func() { p.Error("called after the end") }
	for _, s := range [...]*tsocket.Stream{p.a, p.b} {
		s.SetReadableHandler(never)
		s.SetWriteableHandler(never)
	}
	p.a.Close()
	get(p, p.b.Disconnect())
	p.idle()
	if err := p.ev.LoopWait(); err != nil {
		p.Fatal(err)
	}
}

func handlersStay(p *pair) {
	moved := false
	p.b.SetWriteableHandler(func() {
		if moved {
			p.Error("called after it has moved")
		}
	})
	p.turns(3)
	q := p.move()
	moved = true
	p.write(p.a, "x")
	q.idle()
	q.tryRead(p.b, "x")
	c := q.collect(p.b, 1)
	p.write(p.a, "y")
	q.until("the new one is called", func() bool { return len(c.got) == 1 })
}

func handlerHolds(p *pair) {
	read := false
	p.b.SetReadableHandler(func() {
		if _, err := p.b.TryReadv(make([]byte, 1)); err == nil {
			read = true
			p.b.SetReadableHandler(nil)
		}
	})
	p.turns(3)
	t := tevent.NewTimer(p.ev, func() { p.a.Send([]byte("x")).Ignore() })
	t.Reset(0)
	if err := p.ev.LoopWait(); err != nil || !read {
		p.Fatalf("the loop ends with %v, the handler was called: %v", err, read)
	}
}
