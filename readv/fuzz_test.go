package readv_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// wantSteady checks what holds for a framer on any bytes: no panic, an answer
// or an error, nothing above max, and the same end however little is there.
func wantSteady(t *testing.T, f readv.Framer, have []byte, max int) {
	n, err := f.Need(have)
	if err != nil {
		if n != 0 {
			t.Fatalf("%d beside %v", n, err)
		}
		return
	}
	if n < 1 || n > max {
		t.Fatalf("%d bytes of at most %d", n, max)
	}
	for k := range have[:min(len(have), n, 64)] {
		if m, err := f.Need(have[:k]); err != nil || m <= k || m > n {
			t.Fatalf("%d bytes, %v, with %d there; %d with all", m, err, k, n)
		}
	}
	if n <= len(have) {
		if m, err := f.Need(have[:n]); m != n || err != nil {
			t.Fatalf("%d bytes, %v, with all there; %d with more", m, err, n)
		}
	}
}

func FuzzLength(f *testing.F) {
	f.Add(4, 0, false, 0, 0, []byte("\x7f\xff\xff\xff"))
	f.Add(4, 0, false, 0, 0, []byte("\xff\xff\xff\xfc"))
	f.Add(8, 0, false, 0, 1<<30, []byte("\x80\x00\x00\x00\x00\x00\x00\x00"))
	f.Add(8, 0, true, -8, 1<<30, []byte("\xff\xff\xff\xff\xff\xff\xff\x7f"))
	f.Add(2, 3, true, -5, 64, []byte("abc\x07\x00xx"))
	f.Add(3, 1<<30, false, -(1 << 30), 1<<30+3, []byte("x"))
	f.Add(1, 0, false, 1, 1, []byte("\x00"))
	f.Fuzz(func(t *testing.T, width, offset int, little bool, adjust, max int, have []byte) {
		l := readv.Length{Width: width, Offset: offset, Little: little, Adjust: adjust, Max: max}
		if max <= 0 {
			max = readv.DefaultMax
		}
		wantSteady(t, l, have, max)
	})
}

func FuzzVarint(f *testing.F) {
	f.Add(0, []byte("\xac\x02"))
	f.Add(1<<30, []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Add(2, []byte("\xe2\xe2\x00"))
	f.Add(-1, []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, max int, have []byte) {
		v := readv.Varint{Max: max}
		if max <= 0 {
			max = readv.DefaultMax
		}
		wantSteady(t, v, have, max)
	})
}

func FuzzDelimiter(f *testing.F) {
	f.Add("\n", 0, []byte("abc\nde"))
	f.Add("aab", 5, []byte("aaab"))
	f.Add("\r\n\r\n", 9, []byte("a\r\n\r\r\n\r\n"))
	f.Fuzz(func(t *testing.T, end string, max int, have []byte) {
		d := readv.Delimiter{End: end, Max: max}
		if max <= 0 {
			max = readv.DefaultLine
		}
		wantSteady(t, d, have, max)
		if n, err := d.Need(have); err == nil && n <= len(have) && bytes.Index(have, []byte(end)) != n-len(end) {
			t.Fatalf("the end is not at %d", n)
		}
	})
}

// framers for FuzzSplit.
var framers = []readv.Framer{
	readv.Length{Width: 1}, readv.Length{Width: 2, Little: true, Max: 200}, readv.Length{Width: 3, Offset: 1, Adjust: -4, Max: 600},
	readv.Length{Width: 8, Max: 300}, readv.Varint{Max: 300}, readv.Varint{Max: 2}, readv.Fixed(3), readv.Delimiter{End: "\n", Max: 100}, readv.Delimiter{End: "aab"},
}

// whole splits all of the bytes without a stream: the PDUs and how it ends.
func whole(f readv.Framer, text []byte) (pdus [][]byte, err error) {
	for {
		n, err := f.Need(text)
		switch {
		case err != nil:
			return pdus, err
		case n > len(text) && len(text) > 0:
			return pdus, io.ErrUnexpectedEOF
		case n > len(text):
			return pdus, io.EOF
		}
		pdus = append(pdus, text[:n])
		text = text[n:]
	}
}

// FuzzSplit: any split of the same bytes gives the same PDUs and the same end
// (P4), read in each of the four ways.
func FuzzSplit(f *testing.F) {
	for i := range framers {
		for seed := range uint64(4) {
			f.Add(uint8(i), seed, []byte("\x01\x00\x05aab\n\x02\x00\x00\x00\x07\x03aabaab\x00\x00\x00\x00\x00\x00\x00\x02hi\xff"))
		}
	}
	f.Add(uint8(0), uint64(9), bytes.Repeat([]byte("\x0fabcdefghijklmno"), 600))
	f.Fuzz(func(t *testing.T, which uint8, seed uint64, text []byte) {
		framer := framers[int(which)%len(framers)]
		want, end := whole(framer, text)
		for _, read := range ways {
			ev := teventtest.Open(t)
			a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Seed: seed, Buffer: 1 + int(seed%5000)})
			a.SetSendLimits(tsocket.Limits{Bytes: len(text) + 1})
			if len(text) > 0 {
				a.Send(text).Ignore()
			}
			a.SendShutdown().Ignore()
			for i, pdu := range want {
				if got, err := read(ev, b, framer); err != nil || !bytes.Equal(got, pdu) {
					t.Fatalf("PDU %d is %q, %v, want %q", i, got, err, pdu)
				}
			}
			if _, err := read(ev, b, framer); err == nil || !sameEnd(err, end) {
				t.Fatalf("the end is %v, want %v", err, end)
			}
			a.Close()
			b.Close()
			ev.Close()
		}
	})
}

// sameEnd compares two ends: the size, or the error.
func sameEnd(got, want error) bool {
	var a, b *readv.TooLongError
	if errors.As(want, &a) {
		return errors.As(got, &b) && *a == *b
	}
	return errors.Is(got, want) || got.Error() == want.Error()
}

// ways to read a PDU.
var ways = []func(ev *tevent.Context, s *tsocket.Stream, f readv.Framer) ([]byte, error){
	func(ev *tevent.Context, s *tsocket.Stream, f readv.Framer) ([]byte, error) {
		return tevent.Wait(ev, readv.PDU(s, f, nil))
	},
	func(ev *tevent.Context, s *tsocket.Stream, f readv.Framer) ([]byte, error) {
		lent, err := tevent.Wait(ev, readv.PeekPDU(s, f))
		got := bytes.Clone(lent)
		s.Consume(len(lent))
		return got, err
	},
	func(ev *tevent.Context, s *tsocket.Stream, f readv.Framer) ([]byte, error) {
		for {
			have := len(s.Buffered())
			lent, err := readv.Buffered(s, f)
			if err != nil || lent != nil {
				got := bytes.Clone(lent)
				s.Consume(len(lent))
				return got, err
			}
			if _, err := tevent.Wait(ev, s.Peek(have+1)); err != nil {
				return nil, err
			}
		}
	},
	readByLayout,
}

// readByLayout asks the engine for what the framer says is missing.
func readByLayout(ev *tevent.Context, s *tsocket.Stream, f readv.Framer) ([]byte, error) {
	var got []byte
	_, err := tevent.Wait(ev, readv.Read(s, func() ([][]byte, error) {
		n, err := f.Need(got)
		if err != nil || n == len(got) {
			return nil, err
		}
		at := len(got)
		got = append(got, make([]byte, n-at)...)
		return [][]byte{got[at:]}, nil
	}))
	return got, err
}
