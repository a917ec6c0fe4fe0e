//go:build linux

package tsocket_test

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// listening is a listener that ends with the body.
func listening(b *bt.Backend, addr string) *tsocket.Listener {
	b.Helper()
	l, err := tsocket.Listen(b.Ev, address(b, addr))
	must(b, err)
	b.Cleanup(func() { l.Close() })
	return l
}

// until runs turns until ok holds.
func until(b *bt.Backend, what string, ok func() bool) {
	b.Helper()
	for range 2000 {
		if ok() {
			return
		}
		turns(b, b.Ev, 1)
	}
	b.Fatalf("never: %s", what)
}

func TestTryAcceptTakesAConnectionThatIsThere(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "127.0.0.1:0")
		_, err := l.TryAccept()
		is(b, err, syscall.EAGAIN)
		c := done(b, b.Ev, tsocket.Connect(b.Ev, l.Addr()))
		defer c.Close()
		var s *tsocket.Stream
		until(b, "a connection", func() bool {
			s, err = l.TryAccept()
			return err == nil
		})
		defer s.Close()
		write(b, b.Ev, c, "hello")
		read(b, b.Ev, s, "hello")
		if s.LocalAddr() != l.Addr() || s.RemoteAddr() != c.LocalAddr() {
			b.Error(s.LocalAddr(), s.RemoteAddr())
		}
		r := l.Accept()
		_, err = l.TryAccept()
		is(b, err, syscall.EBUSY)
		d := done(b, b.Ev, tsocket.Connect(b.Ev, l.Addr()))
		defer d.Close()
		done(b, b.Ev, r).Close()
		must(b, l.Close())
		_, err = l.TryAccept()
		is(b, err, net.ErrClosed)
		l.SetReadableHandler(func() { b.Error("the handler of a closed listener is called") })
		turns(b, b.Ev, 3)
	})
}

func TestTheHandlerOfAListenerIsCalledUntilTryAcceptSaysEAGAIN(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "unix:"+b.TempDir()+"/s")
		calls, accepted := 0, 0
		l.SetReadableHandler(func() {
			calls++
			s, err := l.TryAccept() // one of those that wait
			if err != nil {
				is(b, err, syscall.EAGAIN)
				return
			}
			accepted++
			s.Close()
		})
		for range 3 {
			done(b, b.Ev, tsocket.Connect(b.Ev, l.Addr())).Close()
		}
		until(b, "three connections", func() bool { return accepted == 3 })
		turns(b, b.Ev, 3)
		before := calls
		turns(b, b.Ev, 20)
		if calls != before {
			b.Errorf("called %d times with nobody there", calls-before)
		}
		r := l.Accept() // has precedence
		c := done(b, b.Ev, tsocket.Connect(b.Ev, l.Addr()))
		done(b, b.Ev, r).Close()
		c.Close()
		done(b, b.Ev, tsocket.Connect(b.Ev, l.Addr())).Close()
		until(b, "the handler again", func() bool { return accepted == 4 })
		l.SetReadableHandler(nil)
		b.Wait() // nothing holds the loop any more
	})
}

// A connection that an Accept was in the way of is not forgotten with it.
func TestTheHandlerOfAListenerIsCalledAgainWhenAcceptIsCancelled(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "unix:"+b.TempDir()+"/s")
		r := l.Accept()
		accepted := 0
		l.SetReadableHandler(func() {
			if s, err := l.TryAccept(); err == nil {
				accepted++
				s.Close()
			}
		})
		turns(b, b.Ev, 3)
		r.Cancel()
		fails(b, b.Ev, r, context.Canceled)
		done(b, b.Ev, tsocket.Connect(b.Ev, l.Addr())).Close()
		until(b, "a connection", func() bool { return accepted == 1 })
	})
}

// As in the API of 2009 the loop runs for handlers as it does for descriptors; when
// it is closed it is for nobody.
func TestAClosedContextCallsNoHandler(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "127.0.0.1:0")
		x, y := tsocket.Pipe(b.Ev, tsocket.PipeConfig{})
		l.SetReadableHandler(func() { b.Error("called") })
		x.SetWriteableHandler(func() { b.Error("called") })
		b.Ev.Close()
		if err := b.Ev.LoopOnce(); !errors.Is(err, tevent.ErrClosed) {
			b.Error(err)
		}
		y.SetReadableHandler(func() { b.Error("called") })
		if err := b.Ev.LoopOnce(); !errors.Is(err, tevent.ErrClosed) {
			b.Error(err)
		}
		x.Close()
		y.Close()
	})
}

func TestHandlersRestBehindAGate(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y := tsocket.Pipe(b.Ev, tsocket.PipeConfig{})
		defer x.Close()
		defer y.Close()
		calls := 0
		y.SetReadableHandler(func() { calls++ })
		turns(b, b.Ev, 3) // it is waiting
		g, err := y.Gate()
		must(b, err)
		write(b, b.Ev, x, "handshake, data")
		if p := done(b, b.Ev, g.Peek(10)); string(p) != "handshake, data" {
			b.Fatalf("%q", p)
		}
		g.Consume(10)
		turns(b, b.Ev, 3)
		_, err = y.TryReadv(make([]byte, 1))
		is(b, err, syscall.EAGAIN)
		if calls != 0 {
			b.Fatal("called for the handshake's bytes")
		}
		done(b, b.Ev, g.Send([]byte("done")))
		if n, err := y.TryWritev([]byte("x")); n != 1 || err != nil {
			b.Fatal(n, err) // the handshake's are gone already
		}
		g.Open()
		until(b, "the handler", func() bool { return calls > 0 })
		p := make([]byte, 9)
		if n, err := y.TryReadv(p); string(p[:n]) != " data" || err != nil {
			b.Fatalf("%q, %v", p[:n], err)
		}
	})
}

// bounded is a transport that takes room bytes and tells of no more.
type bounded struct {
	idleOps
	room, took int
}

func (o *bounded) StartWrite(w *tsocket.Write) {
	for !w.Empty() && o.room > 0 {
		n := min(o.room, len(w.Buffers()[0]))
		o.room, o.took = o.room-n, o.took+n
		w.Advance(n)
	}
	if w.Empty() {
		w.Finish(nil)
	}
}

func (o *bounded) CancelWrite() {}

// It is asked again, less and less often.
func TestAWriteableHandlerWorksOnATransportThatTellsOfNoRoom(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		o := &bounded{room: 5}
		s := tsocket.NewStream(b.Ev, o, tsocket.Address{}, tsocket.Address{})
		defer s.Close()
		calls := 0
		s.SetWriteableHandler(func() {
			calls++
			if _, err := s.TryWritev([]byte("123")); err != nil {
				is(b, err, syscall.EAGAIN)
			}
		})
		until(b, "all that fits", func() bool { return o.took == 5 })
		begin := b.Ev.Now()
		until(b, "some attempts", func() bool { return calls >= 8 })
		if took := b.Ev.Now().Sub(begin); took < 15e6 {
			b.Errorf("asked %d times in %v", calls, took)
		}
		o.room = 1
		until(b, "what fits then", func() bool { return o.took == 6 })
	})
}

// A batch ends with an EAGAIN, which costs nothing either.
func TestTryReadvAndTryWritevAllocNothing(t *testing.T) {
	ev, err := tevent.New()
	must(t, err)
	defer ev.Close()
	x, y := socketpair(t, ev)
	defer x.Close()
	defer y.Close()
	text, buf := make([]byte, 64), make([]byte, 100)
	noAllocs(t, func() {
		if n, err := x.TryWritev(text); n != 64 || err != nil {
			t.Fatal(n, err)
		}
		must(t, ev.LoopOnce())
		if n, err := y.TryReadv(buf); n != 64 || err != nil {
			t.Fatal(n, err)
		}
		_, err := y.TryReadv(buf)
		is(t, err, syscall.EAGAIN)
	})
}
