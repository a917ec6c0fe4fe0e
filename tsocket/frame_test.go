//go:build linux

package tsocket_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// framing is a stream in memory to which a test writes bytes, and the frames at its
// other end.
func framing(t testing.TB, ev *tevent.Context) (*tsocket.Stream, *tsocket.Messages) {
	t.Helper()
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Buffer: 1 << 20})
	m := tsocket.FrameMessages(b)
	t.Cleanup(func() { a.Close(); m.Close() })
	return a, m
}

func wire(messages ...string) []byte {
	var b []byte
	for _, text := range messages {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(text))), text...)
	}
	return b
}

func message(t testing.TB, ev *tevent.Context, m *tsocket.Messages, text string) {
	t.Helper()
	buf := make([]byte, len(text)+1)
	if g := done(t, ev, m.Recv(buf)); string(buf[:g.N]) != text || g.Truncated {
		t.Fatalf("received %.80q, %+v, want %.80q", buf[:g.N], g, text)
	}
}

func TestAFrameIsItsLengthAndItsBytes(t *testing.T) {
	ev := teventtest.New(t)
	s, m := framing(t, ev)
	one, two := m.Send([]byte("he"), []byte("llo")), m.Send([]byte("world"))
	want := "\x00\x00\x00\x05hello\x00\x00\x00\x05world"
	read(t, ev, s, want)
	if n := done(t, ev, one) + done(t, ev, two); n != 10 {
		t.Errorf("%d bytes were sent", n)
	}
	write(t, ev, s, want)
	message(t, ev, m, "hello")
	message(t, ev, m, "world")
}

func TestTheEndInsideAFrameIsNotTheEndOfTheConnection(t *testing.T) {
	for name, cut := range map[string]int{"length": 3, "bytes": 7, "none": 9} {
		t.Run(name, func(t *testing.T) {
			ev := teventtest.New(t)
			s, m := framing(t, ev)
			write(t, ev, s, string(wire("hello")[:cut]))
			done(t, ev, s.SendShutdown())
			buf := make([]byte, 9)
			if cut == 9 {
				message(t, ev, m, "hello")
			} else {
				g := fails(t, ev, m.Recv(buf), io.ErrUnexpectedEOF, syscall.EPIPE)
				if want := max(0, cut-4); g.N != want || string(buf[:g.N]) != "hello"[:want] || g.Truncated {
					t.Errorf("%+v beside the end, %q", g, buf)
				}
			}
			fails(t, ev, m.Recv(buf), io.EOF, syscall.EPIPE)
		})
	}
}

func TestTheEndInsideWhatIsCutOffIsTold(t *testing.T) {
	ev := teventtest.New(t)
	s, m := framing(t, ev)
	write(t, ev, s, string(wire("abcdef")[:8]))
	done(t, ev, s.SendShutdown())
	if g := done(t, ev, m.Recv(make([]byte, 2))); g.N != 2 || !g.Truncated {
		t.Fatalf("%+v", g)
	}
	fails(t, ev, m.Recv(make([]byte, 2)), io.ErrUnexpectedEOF)
}

// Nothing is taken of it, and nothing more is received: the bytes behind a length
// that cannot be have no meaning.
func TestALengthThatCannotBeEndsTheReceiving(t *testing.T) {
	for name, c := range map[string]struct {
		length uint32
		err    error
	}{
		"empty":                {0, syscall.EBADMSG},
		"above the maximum":    {101, syscall.EMSGSIZE},
		"4 GiB less a byte":    {1<<32 - 1, syscall.EMSGSIZE},
		"exactly the greatest": {100, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ev := teventtest.New(t)
			s, m := framing(t, ev)
			m.SetMax(100)
			b := binary.BigEndian.AppendUint32(wire("before"), c.length)
			write(t, ev, s, string(append(b, make([]byte, 100)...)))
			message(t, ev, m, "before")
			for range 2 {
				g, err := tevent.Wait(ev, m.Recv(make([]byte, 200)).SetTimeout(patience))
				if !errors.Is(err, c.err) || err != nil && g.N != 0 {
					t.Fatalf("%+v, %v", g, err)
				}
				if err == nil {
					break
				}
			}
			done(t, ev, m.Send([]byte("sending goes on")))
		})
	}
}

func TestAMessageAboveTheMaximumIsNotSent(t *testing.T) {
	ev := teventtest.New(t)
	s, m := framing(t, ev)
	m.SetMax(3)
	fails(t, ev, m.Send([]byte("four")), syscall.EMSGSIZE)
	done(t, ev, m.Send([]byte("abc")))
	read(t, ev, s, string(wire("abc")))
}

func TestACancelledRecvLeavesAFrameThatWasBegun(t *testing.T) {
	ev := teventtest.New(t)
	s, m := framing(t, ev)
	b := string(wire("hello", "world"))
	for cut := range 9 {
		for short := range 2 { // of the buffer
			r := m.Recv(make([]byte, 9-5*short))
			if cut > 0 {
				write(t, ev, s, b[:cut])
				turns(t, ev, 2)
			}
			if short == 1 && cut == 8 {
				r.Drop() // what there is room for is there
				write(t, ev, s, b[cut:])
			} else {
				r.Cancel()
				if g := fails(t, ev, r, context.Canceled); g.N != 0 {
					t.Fatalf("%+v", g)
				}
				write(t, ev, s, b[cut:])
				message(t, ev, m, "hello")
			}
			message(t, ev, m, "world")
		}
	}
}

// A cancelled Send of a frame that was begun counts the message's bytes; its rest
// goes first.
func TestAFrameThatWasBegunIsNeverTorn(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Buffer: 100})
	x, y := tsocket.FrameMessages(a), tsocket.FrameMessages(b)
	t.Cleanup(func() { x.Close(); y.Close() })
	long := bytes.Repeat([]byte("0123456789"), 100)
	r := x.Send(long)
	turns(t, ev, 2)
	r.Cancel()
	if n := fails(t, ev, r, context.Canceled); n != 96 {
		t.Errorf("%d bytes were sent", n)
	}
	next := x.Send([]byte("next"))
	message(t, ev, y, string(long))
	message(t, ev, y, "next")
	done(t, ev, next)
}

// deal gives bytes to s in pieces, and the loop its turn.
func deal(t testing.TB, ev *tevent.Context, s *tsocket.Stream, b []byte, rnd *rand.Rand) {
	for len(b) > 0 {
		n := min(len(b), 1+rnd.IntN(1+rnd.IntN(40)))
		done(t, ev, s.Writev(b[:n]))
		b = b[n:]
		turns(t, ev, rnd.IntN(2))
	}
}

// longest is what FuzzFrames lets a message have.
const longest = 1000

// FuzzFrames has any bytes, split in any way, received by readers with buffers of
// any length who wait or do not, or lose patience at any time: what comes is what a
// plain parser finds.
func FuzzFrames(f *testing.F) {
	f.Add(wire("hello", "world"), uint64(1))
	f.Add(wire("hello")[:6], uint64(2))
	f.Add(append(wire("a"), 0, 0, 0, 0), uint64(3))
	f.Add(append(wire("abc"), 0, 1, 0, 0, 1), uint64(4))
	f.Add(wire("hello, world, and you")[:20], uint64(1)) // a short buffer, and then the end
	f.Fuzz(func(t *testing.T, b []byte, seed uint64) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		ev := teventtest.New(t)
		s, m := framing(t, ev)
		m.SetMax(longest)
		deal(t, ev, s, b[:min(len(b), 1<<16)], rnd)
		s.SendShutdown().Ignore()
		for b := b[:min(len(b), 1<<16)]; ; {
			buf := make([]byte, 1+rnd.IntN(30))
			g, err := receive(t, ev, m, buf, rnd)
			size, want := plain(b, len(buf))
			if want != nil {
				if !errors.Is(err, want) {
					t.Fatalf("seed %d: the error is %v, want %v", seed, err, want)
				}
				return
			}
			n := min(size, len(buf))
			if err != nil || g.N != n || !bytes.Equal(buf[:n], b[4:4+n]) || g.Truncated != (n < size) {
				t.Fatalf("seed %d: received %q, %+v, %v; want %d of %d bytes of %q", seed, buf[:g.N], g, err, n, size, b)
			}
			if len(b) < 4+size { // the end is inside what was cut
				fails(t, ev, m.Recv(buf), io.ErrUnexpectedEOF)
				return
			}
			b = b[4+size:]
		}
	})
}

// receive is the next message, by a request or without, and perhaps not at first.
func receive(t testing.TB, ev *tevent.Context, m *tsocket.Messages, buf []byte, rnd *rand.Rand) (g tsocket.Message, err error) {
	if rnd.IntN(4) == 0 {
		r := m.Recv(buf)
		if !r.Cancel() {
			return r.Result()
		}
		r.Drop()
	}
	if rnd.IntN(2) == 0 {
		return tevent.Wait(ev, m.Recv(buf).SetTimeout(patience))
	}
	for range 2000 {
		if g, err = m.TryRecv(buf); !errors.Is(err, syscall.EAGAIN) {
			return g, err
		}
		turns(t, ev, 1)
	}
	return g, err
}

// plain is the length of the first message of b, of which all that there is room
// for is there, or why there is none.
func plain(b []byte, room int) (size int, err error) {
	if len(b) == 0 {
		return 0, io.EOF
	}
	if len(b) < 4 {
		return 0, io.ErrUnexpectedEOF
	}
	n := binary.BigEndian.Uint32(b)
	switch {
	case n == 0:
		return 0, syscall.EBADMSG
	case n > longest:
		return 0, syscall.EMSGSIZE
	case len(b) < 4+min(int(n), room):
		return 0, io.ErrUnexpectedEOF
	}
	return int(n), nil
}
