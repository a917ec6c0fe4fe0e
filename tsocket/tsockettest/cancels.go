package tsockettest

import (
	"bytes"
	"context"
	"os"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

var cancels = []guarantee{
	{"R11 a cancelled read gives its bytes back", cancelRead},
	{"R11 a cancelled read gives back in front of what was over-read", cancelReadMiddle},
	{"R11 a cancelled write says what was taken", cancelWrite},
	{"R7 a deadline fails the request and not the stream", deadline},
	{"R16 after a cancel nothing touches the caller's memory", cancelMemory},
	{"R17 a dropped read loses nothing", dropRead},
	{"R12 closing the context completes what is pending", closeContext},
}

func cancelRead(p *pair) {
	p.write(p.a, "abc")
	p.arrived(p.b, 3)
	x, y := make([]byte, 2), make([]byte, 4)
	r := p.b.Readv(x, nil, y)
	p.idle()
	r.Cancel()
	if n := fails(p, r, context.Canceled); n != 3 {
		p.Fatalf("the cancelled read had %d bytes", n)
	}
	if n, err := p.b.Pending(); n != 3 || err != nil {
		p.Fatalf("%d bytes are pending, %v", n, err)
	}
	p.write(p.a, "def")
	p.read(p.b, "abcdef")
}

func cancelReadMiddle(p *pair) {
	p.write(p.a, "abcdef")
	p.arrived(p.b, 6)
	p.read(p.b, "ab") // the rest is over-read, or not
	for n := 5; n < 8; n++ {
		r := p.b.Readv(make([]byte, n))
		p.idle()
		r.Cancel()
		if k := fails(p, r, context.Canceled); k != 4 {
			p.Fatalf("the cancelled read had %d bytes", k)
		}
	}
	get(p, p.a.SendShutdown())
	p.read(p.b, "cdef")
	p.eof(p.b)
}

func cancelWrite(p *pair) {
	data := pattern(p.flood)
	w := p.a.Writev(data[:100], data[100:])
	p.idle()
	w.Cancel()
	n := fails(p, w, context.Canceled)
	if n <= 0 || n >= p.flood {
		p.Fatalf("%d bytes were taken", n)
	}
	clear(data[n:])
	got := make([]byte, n)
	get(p, p.b.Readv(got))
	if !bytes.Equal(got, data[:n]) {
		p.Fatal("what was taken differs from what was written")
	}
	p.write(p.a, "next")
	p.read(p.b, "next")
}

func deadline(p *pair) {
	b := make([]byte, 2)
	_, err := tevent.Wait(p.ev, p.b.Readv(b).SetTimeout(time.Millisecond))
	p.is(err, os.ErrDeadlineExceeded, context.DeadlineExceeded)
	_, err = tevent.Wait(p.ev, p.b.Peek(1).SetDeadline(p.ev.Now().Add(-time.Second)))
	p.is(err, os.ErrDeadlineExceeded)
	_, err = tevent.Wait(p.ev, p.b.Monitor().SetTimeout(0))
	p.is(err, os.ErrDeadlineExceeded)
	n, err := tevent.Wait(p.ev, p.a.Writev(make([]byte, p.flood)).SetTimeout(time.Millisecond))
	p.is(err, os.ErrDeadlineExceeded)
	got := make([]byte, n)
	get(p, p.b.Readv(got))
	p.write(p.a, "ok")
	p.read(p.b, "ok")
}

func cancelMemory(p *pair) {
	b := []byte("mine")
	r := p.b.Readv(b)
	p.idle()
	r.Drop()
	p.write(p.a, "data")
	p.idle()
	if string(b) != "mine" {
		p.Fatalf("a dropped read left %q", b)
	}
	p.read(p.b, "data")
}

func dropRead(p *pair) {
	r := p.b.Readv(make([]byte, 5))
	p.write(p.a, "abc")
	p.idle()
	r.Drop()
	p.write(p.a, "d")
	p.read(p.b, "abcd")
}

func closeContext(p *pair) {
	r := p.b.Readv(make([]byte, 1))
	w := p.block(p.b)
	m := p.b.Monitor()
	if err := p.ev.Close(); err != nil {
		p.Fatal(err)
	}
	_, err := r.Result()
	p.is(err, tevent.ErrClosed)
	_, err = w.Result()
	p.is(err, tevent.ErrClosed)
	_, err = m.Result()
	p.is(err, tevent.ErrClosed)
}
