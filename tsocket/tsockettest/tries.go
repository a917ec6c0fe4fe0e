package tsockettest

import (
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/tsocket"
)

var tries = []guarantee{
	{"S10 TryReadv reads what is there", tryReadv},
	{"S10 TryWritev writes what there is room for", tryWritev},
	{"S10 a call that does not wait is EBUSY beside a request", tryBusy},
	{"S10 a call that does not wait checks as one that does", tryChecks},
}

// tryRead takes exactly text from s.
func (p *pair) tryRead(s *tsocket.Stream, text string) {
	p.Helper()
	b, got := make([]byte, len(text)), 0
	p.until(text+" comes", func() bool {
		n, err := s.TryReadv(b[got:])
		got += n
		if err != nil {
			p.is(err, syscall.EAGAIN)
		}
		return got == len(b)
	})
	if string(b) != text {
		p.Fatalf("read %q, want %q", b, text)
	}
}

// tryFill writes until s has no room, and returns how many bytes that were.
func (p *pair) tryFill(s *tsocket.Stream) int {
	p.Helper()
	block, n := make([]byte, 100000), 0
	for { // what the peer has room for moves in the turns between
		k, err := s.TryWritev(block)
		n += k
		if err != nil {
			p.is(err, syscall.EAGAIN)
			p.idle()
			if k, err = s.TryWritev(block[:1]); err != nil {
				p.is(err, syscall.EAGAIN)
				return n
			}
			n += k
		}
		if n > p.flood {
			p.Fatalf("%d bytes found room", n)
		}
	}
}

func tryReadv(p *pair) {
	b := make([]byte, 9)
	n, err := p.b.TryReadv(b)
	if p.is(err, syscall.EAGAIN); n != 0 {
		p.Fatalf("%d bytes of nothing", n)
	}
	p.write(p.a, "abcdefghij")
	p.arrived(p.b, 10)
	p.turns(1)
	if n, err = p.b.TryReadv(nil, b[:1], nil, b[1:2]); n < 1 || err != nil {
		p.Fatal(n, err)
	}
	p.tryRead(p.b, "abcdefghij"[n:])
	if string(b[:n]) != "ab"[:n] {
		p.Fatalf("%q", b[:n])
	}
	_, err = p.b.TryReadv(b)
	p.is(err, syscall.EAGAIN)
	r := p.b.Readv(b[:3]) // none is lost between the two ways
	p.write(p.a, "xyz!")
	get(p, r)
	if string(b[:3]) != "xyz" {
		p.Fatalf("%q", b[:3])
	}
	p.tryRead(p.b, "!")
}

func tryWritev(p *pair) {
	n := p.tryFill(p.a)
	if n == 0 {
		p.Fatal("there is no room at first")
	}
	get(p, p.b.Readv(make([]byte, n)))
	p.until("there is room again", func() bool {
		k, err := p.a.TryWritev([]byte("x"), nil, []byte("y"))
		n = k
		return err == nil
	})
	p.read(p.b, "xy"[:n])
	p.write(p.a, "and on")
	p.read(p.b, "and on")
}

func tryBusy(p *pair) {
	b := make([]byte, 2)
	r := p.b.Readv(b)
	_, err := p.b.TryReadv(make([]byte, 1))
	p.is(err, syscall.EBUSY)
	p.write(p.a, "12")
	if get(p, r); string(b) != "12" {
		p.Fatalf("the request got %q", b)
	}
	w := p.block(p.a)
	_, err = p.a.TryWritev([]byte("x"))
	p.is(err, syscall.EBUSY)
	get(p, p.b.Readv(make([]byte, p.flood)))
	get(p, w)
	p.a.Send([]byte("queued")).Ignore()
	_, err = p.a.TryWritev([]byte("x"))
	p.is(err, syscall.EBUSY)
	p.read(p.b, "queued")
}

func tryChecks(p *pair) {
	_, err := p.b.TryReadv()
	p.is(err, syscall.EINVAL)
	_, err = p.b.TryWritev(nil, []byte{})
	p.is(err, syscall.EINVAL)
	get(p, p.a.ShutdownWrite())
	_, err = p.a.TryWritev([]byte("x"))
	p.is(err, syscall.EPIPE)
	p.a.Close()
	_, err = p.a.TryReadv(make([]byte, 1))
	p.is(err, net.ErrClosed)
	_, err = p.a.TryWritev([]byte("x"))
	p.is(err, net.ErrClosed)
	p.a.SetReadableHandler(func() { p.Error("the handler of a closed stream is called") })
	p.a.SetWriteableHandler(func() { p.Error("the handler of a closed stream is called") })
	p.idle()
}
