//go:build linux

package tsocket_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// What has come of a frame is left to the next call; the handler is called when
// there is more of it, and does not spin.
func TestAHandlerSeesAFrameThatComesInPieces(t *testing.T) {
	b := wire("hello", "world")
	for cut := 1; cut < len(b); cut++ {
		ev := teventtest.New(t)
		s, m := framing(t, ev)
		var got []string
		calls := 0
		m.SetReadableHandler(func() {
			calls++
			buf := make([]byte, 9)
			g, err := m.TryRecv(buf)
			if err == nil {
				got = append(got, string(buf[:g.N]))
			} else {
				is(t, err, syscall.EAGAIN)
			}
		})
		write(t, ev, s, string(b[:cut]))
		turns(t, ev, 5)
		before := calls
		turns(t, ev, 10)
		if calls != before || len(got) != cut/9 {
			t.Fatalf("%d bytes: received %q, called %d times with nothing new", cut, got, calls-before)
		}
		write(t, ev, s, string(b[cut:]))
		turns(t, ev, 5)
		if strings.Join(got, " ") != "hello world" {
			t.Fatalf("%d bytes, and the others: received %q", cut, got)
		}
	}
}

// A short buffer is full before the frame has ended, and a call with one need not
// wait for what one with a long one waits for.
func TestTryRecvTakesWhatThereIsRoomFor(t *testing.T) {
	ev := teventtest.New(t)
	s, m := framing(t, ev)
	b := string(wire("hello", "world"))
	write(t, ev, s, b[:7])
	turns(t, ev, 2)
	_, err := m.TryRecv(make([]byte, 5))
	is(t, err, syscall.EAGAIN)
	turns(t, ev, 2)
	buf := make([]byte, 3)
	if g, err := m.TryRecv(buf); err != nil || string(buf) != "hel" || !g.Truncated {
		t.Fatalf("%q, %+v, %v", buf, g, err)
	}
	_, err = m.TryRecv(buf)
	is(t, err, syscall.EAGAIN)
	write(t, ev, s, b[7:])
	turns(t, ev, 2)
	buf = make([]byte, 5)
	if g, err := m.TryRecv(buf); err != nil || string(buf) != "world" || g.Truncated {
		t.Fatalf("%q, %+v, %v", buf, g, err)
	}
}

// A frame that is longer than all buffers on the way comes through the inbox.
func TestTryRecvOfALongFrame(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y := socketpair(b, b.Ev)
		m, n := tsocket.FrameMessages(x), tsocket.FrameMessages(y)
		defer m.Close()
		defer n.Close()
		long := bytes.Repeat([]byte("0123456789"), 100_000)
		r := m.Send(long)
		buf, calls := make([]byte, len(long)), 0
		n.SetReadableHandler(func() {
			calls++
			g, err := n.TryRecv(buf)
			if err != nil {
				is(b, err, syscall.EAGAIN)
				return
			}
			if g.N != len(long) || !bytes.Equal(buf, long) {
				b.Errorf("%+v", g)
			}
			n.SetReadableHandler(nil)
		})
		b.Wait()
		done(b, b.Ev, r)
		if calls > 6 { // the first, for the length, for the rest of the frame
			b.Errorf("called %d times for one message", calls)
		}
	})
}

func TestTryRecvTellsWhatIsWrongWithAFrame(t *testing.T) {
	for bytes, want := range map[string]error{
		"\x00\x00\x00\x00":     syscall.EBADMSG,
		"\x00\x00\x10\x00abc":  syscall.EMSGSIZE,
		"\x00\x00\x00\x05hell": io.ErrUnexpectedEOF,
		"\x00\x00":             io.ErrUnexpectedEOF,
		"":                     io.EOF,
	} {
		ev := teventtest.New(t)
		s, m := framing(t, ev)
		m.SetMax(100)
		s.Send(append(wire("before"), bytes...)).Ignore()
		done(t, ev, s.SendShutdown())
		var err error
		got, calls := 0, 0
		m.SetReadableHandler(func() {
			calls++
			var g tsocket.Message
			if g, err = m.TryRecv(make([]byte, 10)); err == nil {
				got += g.N
			} else if !errors.Is(err, syscall.EAGAIN) {
				m.SetReadableHandler(nil)
			}
		})
		must(t, ev.LoopWait())
		if !errors.Is(err, want) || got != 6 {
			t.Errorf("%q: %d bytes, %v, want %v", bytes, got, err, want)
		}
	}
}

// A frame that was begun is sent to its end, and nothing comes between.
func TestTrySendOfAFrameThatFindsLittleRoomIsWhole(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Buffer: 100})
	x, y := tsocket.FrameMessages(a), tsocket.FrameMessages(b)
	t.Cleanup(func() { x.Close(); y.Close() })
	long := bytes.Repeat([]byte("0123456789"), 100)
	text := bytes.Clone(long)
	if n, err := x.TrySend(text[:300], text[300:]); n != 1000 || err != nil {
		t.Fatal(n, err)
	}
	clear(text) // it is the caller's again
	if entries, left := x.Queued(); entries != 1 || left != 904 {
		t.Errorf("%d messages, %d bytes wait", entries, left)
	}
	_, err := x.TrySend([]byte("y"))
	is(t, err, syscall.EAGAIN)
	r := x.Send([]byte("next"))
	d := x.SendShutdown()
	message(t, ev, y, string(long))
	message(t, ev, y, "next")
	done(t, ev, r)
	done(t, ev, d)
	fails(t, ev, y.Recv(make([]byte, 1)), io.EOF)
}

func TestDisconnectIsBusyUntilAFrameThatWasBegunIsSent(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Buffer: 100})
	x, y := tsocket.FrameMessages(a), tsocket.FrameMessages(b)
	t.Cleanup(func() { y.Close() })
	long := bytes.Repeat([]byte("0123456789"), 100)
	_, err := x.TrySend(long)
	must(t, err)
	fails(t, ev, x.Disconnect(), syscall.EBUSY)
	d := x.SendShutdown()
	message(t, ev, y, string(long))
	done(t, ev, d)
	done(t, ev, x.Disconnect())
}

// What the system refuses of one message is told of this one alone.
func TestTrySendAboveTheMaximumIsRefusedAlone(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y := messagePair(b, b.Ev)
		s, u := socketpair(b, b.Ev)
		m, n := tsocket.FrameMessages(s), tsocket.FrameMessages(u)
		m.SetMax(8 << 20)
		b.Cleanup(func() { x.Close(); y.Close(); m.Close(); n.Close() })
		for _, p := range [...][2]*tsocket.Messages{{x, y}, {m, n}} {
			_, err := p[0].TrySend(make([]byte, 8<<20+1))
			is(b, err, syscall.EMSGSIZE)
			_, err = p[0].TrySend([]byte("short"))
			must(b, err)
			message(b, b.Ev, p[1], "short")
		}
	})
}

// The descriptors of a message that is received without them are closed.
func TestTryRecvClosesDescriptors(t *testing.T) {
	couriers(t, func(b *bt.Backend, x, y *tsocket.Messages, fd int) {
		done(b, b.Ev, x.SendRights([]byte("with"), fd, fd))
		buf := make([]byte, 9)
		var g tsocket.Message
		until(b, "the message", func() bool {
			var err error
			g, err = y.TryRecv(buf)
			return err == nil
		})
		if string(buf[:g.N]) != "with" || len(g.FDs) != 0 {
			b.Errorf("%q, %+v", buf[:g.N], g)
		}
	})
}

func TestTryRecvAndTrySendAllocNothing(t *testing.T) {
	for name, open := range map[string]tsockettest.NewMessages{"seqpacket": messagePair, "framed": tsockettest.Framed(socketpair)} {
		t.Run(name, func(t *testing.T) {
			ev, err := tevent.New()
			must(t, err)
			defer ev.Close()
			a, b := open(t, ev)
			defer a.Close()
			defer b.Close()
			text, buf := make([]byte, 64), make([]byte, 100)
			noAllocs(t, func() {
				if n, err := a.TrySend(text); n != 64 || err != nil {
					t.Fatal(n, err)
				}
				for got := false; ; {
					_, err := b.TryRecv(buf)
					switch {
					case err == nil:
						got = true
					case !errors.Is(err, syscall.EAGAIN):
						t.Fatal(err)
					case got:
						return // as a handler does
					default:
						must(t, ev.LoopOnce())
					}
				}
			})
		})
	}
}
