package tsockettest

import (
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/tsocket-go/tsocket/tsocket"
)

var reads = []guarantee{
	{"S2 a read completes when every buffer is full", readIsFull},
	{"S2 the end at a boundary is EOF", endAtBoundary},
	{"S2 the end inside is unexpected, with the count", endInside},
	{"S13 what was over-read is not lost", overRead},
	{"S13 exact reads", exactReads},
	{"S13 who stops reading stops the peer", backpressure},
}

var ends = []guarantee{
	{"S3 bytes before a close are read, the loop idle in between", bytesBeforeClose},
	{"S3 bytes before a reset are read, then the reset", bytesBeforeReset},
	{"S3 bytes before a reset are read after Monitor told of it", bytesAfterMonitor},
	{"S5 the end sticks", endSticks},
	{"S5 a reset sticks for both directions", resetSticks},
	{"S9 a blocked write fails when the peer closes", blockedWrite},
	{"S9 a blocked write fails when the peer is gone with unread bytes", blockedWriteReset},
	{"S11 writing to a closed peer is an error and nothing else", writeToClosed},
}

func readIsFull(p *pair) {
	b := make([]byte, 6)
	r := p.b.Readv(b[:2], b[2:])
	for _, text := range []string{"a", "bcd", "e"} {
		p.write(p.a, text)
		p.idle()
		if !r.InProgress() {
			p.Fatal("a read completed with a buffer that is not full")
		}
	}
	p.write(p.a, "f")
	if n := get(p, r); n != 6 || string(b) != "abcdef" {
		p.Fatalf("read %d bytes, %q", n, b)
	}
}

func endAtBoundary(p *pair) {
	p.write(p.a, "abc")
	get(p, p.a.SendShutdown())
	p.read(p.b, "abc")
	if n := fails(p, p.b.Readv(make([]byte, 1)), atEnd...); n != 0 {
		p.Fatalf("%d bytes beside EOF", n)
	}
}

func endInside(p *pair) {
	p.write(p.a, "abc")
	get(p, p.a.SendShutdown())
	b := make([]byte, 4)
	if n := fails(p, p.b.Readv(b), inside...); n != 3 || string(b[:3]) != "abc" {
		p.Fatalf("%d bytes beside the end, %q", n, b)
	}
	_, err := wait(p, p.b.Readv(b))
	p.is(err, atEnd...)
}

func overRead(p *pair) {
	text := strings.Repeat("0123456789", 3000)
	p.write(p.a, text)
	for off := 0; off < len(text); off += 100 {
		p.read(p.b, text[off:off+100])
	}
}

func exactReads(p *pair) {
	p.b.SetReadAhead(0)
	p.write(p.a, "abcdef")
	p.read(p.b, "ab")
	if over := p.b.Buffered(); over != nil {
		p.Fatalf("%q was over-read", over)
	}
	p.read(p.b, "cdef")
}

func backpressure(p *pair) {
	p.write(p.a, "x")
	p.read(p.b, "x")
	w := p.block(p.a)
	if n := len(p.b.Buffered()); n > tsocket.DefaultReadAhead {
		p.Fatalf("%d bytes were over-read", n)
	}
	w.Cancel()
	if n, _ := wait(p, w); n >= p.flood {
		p.Fatal("a peer that nobody reads takes everything")
	}
}

func bytesBeforeClose(p *pair) {
	p.write(p.a, "before")
	p.a.Close()
	p.idle()
	p.read(p.b, "bef")
	p.idle()
	p.read(p.b, "ore")
	p.eof(p.b)
}

// resetB aborts a with a byte in it that nobody read: b is reset.
func (p *pair) resetB() {
	p.Helper()
	p.write(p.b, "unread")
	p.arrived(p.a, 1)
	p.a.Abort()
}

func bytesBeforeReset(p *pair) {
	p.write(p.a, "before")
	p.arrived(p.b, 6)
	p.resetB()
	p.idle()
	p.read(p.b, "bef")
	p.idle()
	p.read(p.b, "ore")
	fails(p, p.b.Readv(make([]byte, 1)), syscall.ECONNRESET)
}

func bytesAfterMonitor(p *pair) {
	p.write(p.a, "before")
	p.arrived(p.b, 6)
	p.resetB()
	fails(p, p.b.Monitor(), syscall.ECONNRESET)
	p.read(p.b, "before")
	fails(p, p.b.Readv(make([]byte, 1)), syscall.ECONNRESET)
}

func endSticks(p *pair) {
	get(p, p.a.SendShutdown())
	for range 3 {
		p.eof(p.b)
		fails(p, p.b.Peek(1), atEnd...)
	}
	if _, err := p.b.Pending(); err == nil {
		p.Fatal("Pending does not tell the end")
	} else {
		p.is(err, io.EOF)
	}
}

func resetSticks(p *pair) {
	p.resetB()
	for range 2 {
		n := fails(p, p.b.Readv(make([]byte, 1)), syscall.ECONNRESET)
		if n != 0 {
			p.Fatalf("%d bytes beside a reset", n)
		}
		fails(p, p.b.Writev([]byte("x")), syscall.ECONNRESET)
		fails(p, p.b.Send([]byte("x")), syscall.ECONNRESET)
	}
	_, err := p.b.Pending()
	p.is(err, syscall.ECONNRESET)
	p.b.Close()
	_, err = p.b.Pending()
	p.is(err, net.ErrClosed)
}

// broken wants one of the errors that a lost peer causes.
func (p *pair) broken(err error) {
	p.Helper()
	if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
		p.Fatalf("the error is %v, want EPIPE or ECONNRESET", err)
	}
}

func blockedWrite(p *pair) {
	w := p.block(p.a)
	n := 0
	for n < 100 { // what it has buffered it reads, and then no more
		k := len(get(p, p.b.Peek(1)))
		p.b.Consume(k)
		n += k
	}
	p.b.Close()
	k, err := wait(p, w)
	p.broken(err)
	if k <= 0 || k >= p.flood {
		p.Fatalf("%d bytes were taken", k)
	}
}

func blockedWriteReset(p *pair) {
	w := p.block(p.a)
	p.b.Close()
	k, err := wait(p, w)
	p.broken(err)
	if k <= 0 || k >= p.flood {
		p.Fatalf("%d bytes were taken", k)
	}
}

func writeToClosed(p *pair) {
	p.b.Close()
	var err error
	for range 100 { // TCP takes some until it is told
		if _, err = wait(p, p.a.Writev([]byte("x"))); err != nil {
			break
		}
		p.idle()
	}
	p.broken(err)
	_, err = wait(p, p.a.Writev([]byte("x")))
	p.broken(err)
}
