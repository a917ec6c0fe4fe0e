//go:build linux

package tsocket_test

import (
	"bytes"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Wherever a frame is cut, a handler has the whole of it, and rests in between.
func TestAHandlerSeesAFrameThatComesInPiecesFromASocket(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s, u := socketpair(b, b.Ev)
		m := tsocket.FrameMessages(u)
		defer s.Close()
		defer m.Close()
		got, calls := "", 0
		m.SetReadableHandler(func() {
			calls++
			buf := make([]byte, 9)
			if g, err := m.TryRecv(buf); err != nil {
				is(b, err, syscall.EAGAIN)
			} else {
				got += string(buf[:g.N])
			}
		})
		bytes := wire("hello")
		for cut := 1; cut < len(bytes); cut++ {
			done(b, b.Ev, s.Writev(bytes[:cut]))
			turns(b, b.Ev, 5)
			before := calls
			turns(b, b.Ev, 5)
			if calls != before || got != "" {
				b.Fatalf("%d bytes: received %q, called %d times with nothing new", cut, got, calls-before)
			}
			done(b, b.Ev, s.Writev(bytes[cut:]))
			until(b, "the frame", func() bool { return got == "hello" })
			got = ""
		}
	})
}

// The part of a frame that a TryRecv has seen goes along to another loop.
func TestWhatTryRecvLeftMovesAlong(t *testing.T) {
	b := string(wire("hello"))
	for cut := 1; cut < len(b); cut++ {
		ev, other := teventtest.New(t), teventtest.New(t)
		x, y := socketpair(t, ev)
		m := tsocket.FrameMessages(y)
		t.Cleanup(func() { x.Close(); m.Close() })
		write(t, ev, x, b[:cut])
		buf := make([]byte, 9)
		for range 2 {
			_, err := m.TryRecv(buf)
			is(t, err, syscall.EAGAIN)
			turns(t, ev, 3)
		}
		must(t, m.SetEventContext(nil))
		write(t, ev, x, b[cut:])
		must(t, m.SetEventContext(other))
		message(t, other, m, "hello")
	}
}

// begun is a pair of which the one end has a begun frame to send, 904 bytes of
// which wait for room.
func begun(t *testing.T) (ev *tevent.Context, x, y *tsocket.Messages) {
	t.Helper()
	ev = teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Buffer: 100})
	x, y = tsocket.FrameMessages(a), tsocket.FrameMessages(b)
	t.Cleanup(func() { x.Close(); y.Close() })
	_, err := x.TrySend(bytes.Repeat([]byte("0123456789"), 100))
	must(t, err)
	return ev, x, y
}

// Nobody waits for it, so nobody is told, and nothing is left of it.
func TestCloseForgetsTheRestOfAFrame(t *testing.T) {
	ev, x, _ := begun(t)
	if n, left := x.Queued(); n != 1 || left != 904 {
		t.Fatalf("%d messages, %d bytes wait before", n, left)
	}
	must(t, x.Close())
	must(t, ev.LoopWait())
	if n, left := x.Queued(); n != 0 || left != 0 {
		t.Errorf("%d messages, %d bytes wait", n, left)
	}
}

func TestTrySendTellsThatTheRestOfAFrameFoundNoPeer(t *testing.T) {
	ev, x, y := begun(t)
	must(t, y.Close())
	turns(t, ev, 3)
	_, err := x.TrySend([]byte("next"))
	is(t, err, syscall.EPIPE)
}

// There is no room as long as the rest of a frame waits.
func TestTheWriteableHandlerRestsUntilAFrameThatWasBegunIsSent(t *testing.T) {
	ev, x, y := begun(t)
	calls := 0
	x.SetWriteableHandler(func() {
		calls++
		_, err := x.TrySend([]byte("next"))
		must(t, err)
		x.SetWriteableHandler(nil)
	})
	turns(t, ev, 5)
	if calls > 0 {
		t.Fatal("called while there is no room")
	}
	message(t, ev, y, string(bytes.Repeat([]byte("0123456789"), 100)))
	message(t, ev, y, "next")
}
