package tsockettest

import (
	"bytes"
	"io"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
)

var vectors = []guarantee{
	{"S1 headers are copied", headersAreCopied},
	{"S1 a total of 0 is EINVAL, before EBUSY", totalZero},
	{"S1 a second operation of a direction is EBUSY and disturbs nothing", secondIsBusy},
	{"S1 reading and writing are independent", bothDirections},
	{"S1 empty elements are fine", emptyElements},
	{"S1 more buffers than the system takes", manyBuffers},
	{"S1 an unreceived result blocks nothing", unreceived},
	{"R1 no callback inside a call", neverInside},
	{"large transfers arrive complete", large},
}

// atEnd is what the end of a stream is.
var atEnd = []error{io.EOF, syscall.EPIPE}

// inside is what the end of a stream is in the middle of a read.
var inside = []error{io.ErrUnexpectedEOF, syscall.EPIPE}

func headersAreCopied(p *pair) {
	x, y := make([]byte, 2), make([]byte, 2)
	in := [][]byte{x, y}
	r := p.b.Readv(in...)
	clear(in)
	out := [][]byte{[]byte("ab"), []byte("cd")}
	w := p.a.Writev(out...)
	clear(out)
	get(p, w)
	if n := get(p, r); n != 4 || string(x)+string(y) != "abcd" {
		p.Fatalf("read %d bytes, %q %q", n, x, y)
	}
}

func totalZero(p *pair) {
	pending := p.b.Readv(make([]byte, 1))
	fails(p, p.b.Readv(), syscall.EINVAL)
	fails(p, p.b.Readv(nil, []byte{}), syscall.EINVAL)
	fails(p, p.a.Writev(), syscall.EINVAL)
	fails(p, p.a.Writev([]byte{}, nil), syscall.EINVAL)
	fails(p, p.a.Send(), syscall.EINVAL)
	pending.Drop()
}

func secondIsBusy(p *pair) {
	b := make([]byte, 4)
	r := p.b.Readv(b)
	fails(p, p.b.Readv(make([]byte, 1)), syscall.EBUSY)
	fails(p, p.b.Peek(1), syscall.EBUSY)
	p.write(p.a, "1234")
	if n := get(p, r); n != 4 || string(b) != "1234" {
		p.Fatalf("the first read got %d bytes, %q", n, b)
	}
	w := p.block(p.a)
	fails(p, p.a.Writev([]byte("x")), syscall.EBUSY)
	rest := make([]byte, p.flood)
	get(p, p.b.Readv(rest))
	if n := get(p, w); n != p.flood {
		p.Fatalf("the first write took %d bytes", n)
	}
}

func bothDirections(p *pair) {
	b := make([]byte, 3)
	r := p.a.Readv(b)
	p.write(p.a, "ping")
	p.read(p.b, "ping")
	p.write(p.b, "abc")
	if get(p, r); string(b) != "abc" {
		p.Fatalf("read %q", b)
	}
}

func emptyElements(p *pair) {
	get(p, p.a.Writev(nil, []byte("a"), nil, []byte("b"), nil))
	x, y := make([]byte, 1), make([]byte, 1)
	if n := get(p, p.b.Readv([]byte{}, x, nil, y, []byte{})); n != 2 || string(x)+string(y) != "ab" {
		p.Fatalf("read %d bytes, %q %q", n, x, y)
	}
	get(p, p.a.SendShutdown())
	p.eof(p.b)
}

func manyBuffers(p *pair) {
	const n = 3000
	data, got := pattern(2*n), make([]byte, 2*n)
	var out, in [][]byte
	for i := range n { // with gaps, so that none are joined
		out = append(out, data[2*i:2*i+1])
		in = append(in, got[2*i:2*i+1])
		data[2*i+1] = 0
	}
	w := p.a.Writev(out...)
	if k := get(p, p.b.Readv(in...)); k != n || !bytes.Equal(got, data) {
		p.Fatalf("read %d of %d buffers, equal %v", k, n, bytes.Equal(got, data))
	}
	if k := get(p, w); k != n {
		p.Fatalf("wrote %d of %d buffers", k, n)
	}
}

func unreceived(p *pair) {
	p.write(p.a, "abcd")
	var kept []tevent.Req[int]
	for _, want := range []string{"a", "b", "c", "d"} {
		b := make([]byte, 1)
		r := p.b.Readv(b)
		p.until("the read completes", func() bool { return !r.InProgress() })
		if string(b) != want {
			p.Fatalf("read %q, want %q", b, want)
		}
		kept = append(kept, r)
	}
	for _, r := range kept {
		if n, err := r.Result(); n != 1 || err != nil {
			p.Fatalf("a kept request says %d, %v", n, err)
		}
	}
}

func neverInside(p *pair) {
	p.write(p.a, "abcd")
	p.arrived(p.b, 4)
	ran := 0
	inCall := true
	note := func(r tevent.Req[int]) {
		if inCall {
			p.Error("a callback ran inside a call")
		}
		ran++
		r.Result()
	}
	p.b.Readv(make([]byte, 4)).SetCallback(note)
	p.b.Writev([]byte("x")).SetCallback(note)
	p.b.Readv(nil).SetCallback(note) // EINVAL
	inCall = false
	p.until("the callbacks run", func() bool { return ran == 3 })
}

func large(p *pair) {
	data, got := pattern(1<<20), make([]byte, 1<<20)
	w := p.a.Writev(data[:7], data[7:300000], data[300000:])
	if n := get(p, p.b.Readv(got[:100], got[100:])); n != len(data) || !bytes.Equal(got, data) {
		p.Fatalf("read %d bytes, equal %v", n, bytes.Equal(got, data))
	}
	if n := get(p, w); n != len(data) {
		p.Fatalf("wrote %d bytes", n)
	}
}
