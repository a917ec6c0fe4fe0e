package readv_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

const (
	frameSize  = 256 // header included
	perSegment = 16
)

// frames is a socketpair whose one end sends segments of frames and whose other
// end reads them, untracked. Its loop is send → read → got → read … → send.
type frames struct {
	tevent.Op[tevent.None]
	ev      *tevent.Context
	a, b    *tsocket.Stream
	framer  readv.Framer
	read    func(f *frames)
	segment []byte
	buf     []byte
	left    int // frames to read
	of      int // this segment's
	filled  int // of the present PDU, by a layout
	next    func() ([][]byte, error)
	bufs    [1][]byte
}

func newFrames(tb testing.TB, read func(f *frames)) *frames {
	ev := teventtest.Open(tb)
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { a.Close(); b.Close(); ev.Close() })
	f := &frames{ev: ev, a: a, b: b, framer: readv.Length{Width: 4}, read: read}
	f.segment, f.buf = make([]byte, perSegment*frameSize), make([]byte, frameSize)
	for i := 0; i < len(f.segment); i += frameSize {
		f.segment[i+3] = frameSize - 4
	}
	f.next = f.layout
	return f
}

// run moves n frames.
func (f *frames) run(tb testing.TB, n int) {
	f.Start(f.ev, "frames")
	f.left = n
	f.send()
	if _, err := tevent.Wait(f.ev, f.Req()); err != nil {
		tb.Fatal(err)
	}
}

func (f *frames) send() {
	f.of = min(f.left, perSegment)
	tevent.Then(f.a.Writev(f.segment[:f.of*frameSize]), f, (*frames).sent)
}

func (f *frames) sent(int) { f.read(f) }

// done is the end of one frame.
func (f *frames) done() {
	f.left--
	f.of--
	switch {
	case f.left == 0:
		f.Done(tevent.None{})
	case f.of == 0:
		f.send()
	default:
		f.read(f)
	}
}

func (f *frames) copied(pdu []byte) {
	f.buf = pdu
	f.done()
}

func (f *frames) lent(pdu []byte) {
	f.b.Consume(len(pdu))
	f.done()
}

func (f *frames) laidOut(int) {
	f.filled = 0
	f.done()
}

// layout reads a header, and the rest of the frame.
func (f *frames) layout() ([][]byte, error) {
	at := f.filled
	switch at {
	case 0:
		f.filled = 4
	case 4:
		f.filled = frameSize
	default:
		return nil, nil
	}
	f.bufs[0] = f.buf[at:f.filled]
	return f.bufs[:], nil
}

func readPDU(f *frames)   { tevent.Then(readv.PDU(f.b, f.framer, f.buf), f, (*frames).copied) }
func peekPDU(f *frames)   { tevent.Then(readv.PeekPDU(f.b, f.framer), f, (*frames).lent) }
func readFrame(f *frames) { tevent.Then(readv.Read(f.b, f.next), f, (*frames).laidOut) }

func TestPDUReadsAllocNothingInSteadyState(t *testing.T) {
	for _, c := range []struct {
		name string
		read func(f *frames)
	}{{"PDU", readPDU}, {"PeekPDU", peekPDU}, {"Read", readFrame}} {
		f := newFrames(t, c.read)
		if n := testing.AllocsPerRun(100, func() { f.run(t, 2*perSegment) }); n != 0 {
			t.Errorf("%s: %v allocations for %d frames", c.name, n, 2*perSegment)
		}
	}
}

func TestFramersAllocNothing(t *testing.T) {
	have := []byte("\x05abcde\r\n")
	for _, f := range []readv.Framer{
		readv.Length{Width: 1}, readv.Varint{}, readv.Fixed(3), readv.Delimiter{End: "\n"}, readv.Delimiter{End: "\r\n"},
	} {
		if n := testing.AllocsPerRun(100, func() { f.Need(have) }); n != 0 {
			t.Errorf("%+v: %v allocations", f, n)
		}
	}
}

func benchmark(b *testing.B, read func(f *frames)) {
	f := newFrames(b, read)
	f.run(b, perSegment)
	b.SetBytes(frameSize)
	b.ReportAllocs()
	b.ResetTimer()
	f.run(b, b.N)
}

// BenchmarkPDU is one frame of 256 bytes, copied out; 16 are sent and received
// in one segment over a socketpair, the system calls included.
func BenchmarkPDU(b *testing.B) { benchmark(b, readPDU) }

// BenchmarkPeekPDU is the same, lent.
func BenchmarkPeekPDU(b *testing.B) { benchmark(b, peekPDU) }

// BenchmarkRead is the same, laid out by a function: a header, and the rest.
func BenchmarkRead(b *testing.B) { benchmark(b, readFrame) }
