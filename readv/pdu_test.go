package readv_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
)

var short readv.Framer = readv.Length{Width: 1}

// P2.
func TestBytesBehindThePDUStayInTheStream(t *testing.T) {
	overAll(t, func(w *way) {
		w.send("\x03abc\x00rest")
		w.wantPDU(get(w, readv.PDU(w.b, short, nil)), "\x03abc")
		w.wantPDU(get(w, readv.PDU(w.b, short, nil)), "\x00")
		w.wantNext("rest")
	})
}

// P3.
func TestPDUIsAppendedToTheCallersBufferAndHis(t *testing.T) {
	overAll(t, func(w *way) {
		buf := []byte("0123456789")
		w.send("\x03abc\x03xyz")
		got := get(w, readv.PDU(w.b, short, buf))
		w.wantPDU(got, "\x03abc")
		if &got[0] != &buf[0] {
			t.Error("not in the buffer")
		}
		fresh := get(w, readv.PDU(w.b, short, nil))
		w.send("\x03uvw")
		get(w, readv.PDU(w.b, short, buf))
		w.wantPDU(fresh, "\x03xyz")
	})
}

// P3, S12.
func TestPeekPDULendsUntilConsume(t *testing.T) {
	overAll(t, func(w *way) {
		w.send("\x03abc\x01x")
		for range 2 { // it is still there
			lent := get(w, readv.PeekPDU(w.b, short))
			w.wantPDU(lent, "\x03abc")
			if cap(lent) != len(lent) {
				t.Error("an append would write into the stream")
			}
		}
		w.b.Consume(4)
		w.wantPDU(get(w, readv.PDU(w.b, short, nil)), "\x01x")
	})
}

// P3: a server takes what one receive has brought, without waiting.
func TestBufferedLendsOnlyWhatIsComplete(t *testing.T) {
	w := socketpair(t)
	if b, err := readv.Buffered(w.b, short); b != nil || err != nil {
		t.Error(b, err)
	}
	w.send("\x01a\x02bc\x05part")
	w.arrived(10)
	if b, err := readv.Buffered(w.b, short); b != nil || err != nil {
		t.Error("nothing was received yet", b, err)
	}
	get(w, w.b.Peek(1))
	for _, want := range []string{"\x01a", "\x02bc"} {
		b, err := readv.Buffered(w.b, short)
		if err != nil {
			t.Fatal(err)
		}
		w.wantPDU(b, want)
		if cap(b) != len(b) {
			t.Error("an append would write into the stream")
		}
		w.b.Consume(len(b))
	}
	if b, err := readv.Buffered(w.b, short); b != nil || err != nil {
		t.Error(b, err)
	}
	_, err := readv.Buffered(w.b, readv.Length{Width: 1, Max: 3})
	wantTooLong(t, err, 6, 3)
	r := readv.PDU(w.b, short, nil)
	if b, err := readv.Buffered(w.b, short); b != nil || err != nil {
		t.Error("lent beside a reader", b, err)
	}
	w.send("!")
	w.wantPDU(get(w, r), "\x05part!")
}

// S2.
func TestEndOfTheStreamIsEOFOnlyBetweenPDUs(t *testing.T) {
	overAll(t, func(w *way) {
		w.send("\x01a\x03bc")
		get(w, w.a.SendShutdown())
		w.wantPDU(get(w, readv.PDU(w.b, short, nil)), "\x01a")
		fails(w, readv.PDU(w.b, short, nil), io.ErrUnexpectedEOF, syscall.EPIPE)
		fails(w, readv.PeekPDU(w.b, short), io.ErrUnexpectedEOF, syscall.EPIPE)
		w.wantNext("\x03bc")
		fails(w, readv.PDU(w.b, short, nil), io.EOF, syscall.EPIPE)
	})
}

// S1: the first reader is undisturbed.
func TestSecondReaderIsBusy(t *testing.T) {
	overAll(t, func(w *way) {
		first := readv.PDU(w.b, short, nil)
		fails(w, readv.PDU(w.b, short, nil), syscall.EBUSY)
		fails(w, readv.PeekPDU(w.b, short), syscall.EBUSY)
		if n := fails(w, readv.Read(w.b, (&layout{sizes: []int{1}}).next), syscall.EBUSY); n != 0 {
			t.Error(n)
		}
		w.send("\x01a")
		w.wantPDU(get(w, first), "\x01a")
	})
}

// R11.
func TestCancelledPDUReadLeavesEverythingInTheStream(t *testing.T) {
	overAll(t, func(w *way) {
		r := readv.PDU(w.b, short, nil)
		w.send("\x04abc")
		w.until("all of it was received", func() bool {
			n, err := w.b.Pending()
			return err == nil && n == 4
		})
		w.turns(100)
		if !r.Cancel() {
			t.Fatal("not cancelled")
		}
		fails(w, r, context.Canceled)
		_, err := tevent.Wait(w.ev, readv.PDU(w.b, short, nil).SetTimeout(0))
		w.wantErr(err, tevent.ErrDeadline)
		readv.PDU(w.b, short, nil).Drop()
		w.send("d")
		w.wantPDU(get(w, readv.PDU(w.b, short, nil)), "\x04abcd")
	})
}

// R1.
func TestPDUThatIsThereCompletesFromTheLoop(t *testing.T) {
	w := socketpair(t)
	w.send("\x01a\x01b")
	w.wantPDU(get(w, readv.PDU(w.b, short, nil)), "\x01a")
	ended := false
	readv.PDU(w.b, short, nil).SetCallback(func(r tevent.Req[[]byte]) {
		got, err := r.Result()
		ended = string(got) == "\x01b" && err == nil
	})
	if ended {
		t.Error("in the call")
	}
	w.turns(1)
	if !ended {
		t.Error("not in the next turn")
	}
}

// crooked answers what no framer should.
type crooked int

func (c crooked) Need([]byte) (int, error) { return int(c), nil }

// broken fails.
type broken struct{}

func (broken) Need([]byte) (int, error) { return 0, errTest }

func TestErrorsOfTheFramerEndTheReadAndConsumeNothing(t *testing.T) {
	for _, c := range []struct {
		f    readv.Framer
		want error
	}{
		{crooked(0), syscall.EINVAL}, {crooked(-1), syscall.EINVAL}, {crooked(math.MinInt), syscall.EINVAL},
		{readv.Fixed(0), syscall.EINVAL}, {readv.Fixed(-1), syscall.EINVAL}, {broken{}, errTest},
	} {
		w := socketpair(t)
		w.send("abc")
		get(w, w.b.Peek(3))
		fails(w, readv.PDU(w.b, c.f, nil), c.want)
		fails(w, readv.PeekPDU(w.b, c.f), c.want)
		_, err := readv.Buffered(w.b, c.f)
		w.wantErr(err, c.want)
		w.wantNext("abc")
	}
}

// A framer may ask for more than there can be; it is waited for in vain.
func TestFramerThatAsksForEverythingWaitsUntilTheEnd(t *testing.T) {
	overAll(t, func(w *way) {
		w.send(strings.Repeat("x", 50_000))
		get(w, w.b.Peek(50_000))
		w.b.Consume(10)
		r := readv.PDU(w.b, crooked(math.MaxInt), nil)
		w.turns(3)
		get(w, w.a.SendShutdown())
		fails(w, r, io.ErrUnexpectedEOF)
	})
}

// P3: a buffer grows with what has arrived, never by what was announced.
func TestBufferGrowsWithWhatHasArrived(t *testing.T) {
	overAll(t, func(w *way) {
		taken := &w.ev.Driver().Buffers
		const announced = 16<<20 - 4
		r := readv.PDU(w.b, readv.Length{Width: 4}, nil)
		w.send("\x00\xff\xff\xfc")
		text := strings.Repeat("x", 10_000)
		for sent := 4; sent < 1<<18; sent += len(text) {
			bound := max(4*sent, 1<<16+512)
			w.until("it was received", func() bool {
				n, err := w.b.Pending()
				return err == nil && n == sent
			})
			w.turns(2)
			if got := taken.Taken(); got > bound {
				t.Fatalf("%d bytes are held for %d of %d", got, sent, announced)
			}
			w.send(text)
		}
		r.Drop()
	})
}

// P3, both ends of the size: it is really read.
func TestLongPDUArrivesWhole(t *testing.T) {
	overAll(t, func(w *way) {
		body := bytes.Repeat([]byte("0123456789abcdef!"), 20_000)
		frame := append([]byte{0, 5, 0x30, 0x20}, body...)
		send := w.a.Send(frame, []byte("rest"))
		if got := get(w, readv.PDU(w.b, readv.Length{Width: 4}, nil)); !bytes.Equal(got, frame) {
			t.Errorf("%d bytes differ", len(got))
		}
		get(w, send)
		w.wantNext("rest")
	})
}

func wantTooLong(t *testing.T, err error, size uint64, limit int) {
	t.Helper()
	var long *readv.TooLongError
	if !errors.As(err, &long) || long.Size != size || long.Max != limit {
		t.Fatalf("the error is %v, want %d bytes above %d", err, size, limit)
	}
}
