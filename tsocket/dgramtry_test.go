//go:build linux

package tsocket_test

import (
	"errors"
	"net"
	"syscall"
	"testing"

	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestS10TryRecvfromAndTrySendtoNeverWait(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y := udp(b), udp(b)
		p := make([]byte, 4)
		_, err := x.TryRecvfrom(p)
		is(b, err, syscall.EAGAIN)
		for _, text := range []string{"one", "", "too long"} {
			n, err := y.TrySendto([]byte(text), x.LocalAddr())
			if n != len(text) || err != nil {
				b.Fatal(n, err)
			}
		}
		for _, want := range []string{"one", "", "too "} {
			var g tsocket.Datagram
			until(b, "a datagram", func() bool {
				g, err = x.TryRecvfrom(p)
				return !errors.Is(err, syscall.EAGAIN)
			})
			if err != nil || string(p[:g.N]) != want || g.From != y.LocalAddr() || g.Truncated != (want == "too ") {
				b.Error(g, err)
			}
		}
		r := x.Recvfrom(p) // nothing is lost between the two ways
		_, err = x.TryRecvfrom(p)
		is(b, err, syscall.EBUSY)
		done(b, b.Ev, y.Sendto([]byte("last"), x.LocalAddr()))
		if g := done(b, b.Ev, r); string(p[:g.N]) != "last" {
			b.Error(g)
		}
		_, err = y.TrySendto([]byte("x"), tsocket.Address{})
		is(b, err, syscall.EDESTADDRREQ)
		must(b, y.Close())
		_, err = y.TrySendto([]byte("x"), x.LocalAddr())
		is(b, err, net.ErrClosed)
		_, err = y.TryRecvfrom(p)
		is(b, err, net.ErrClosed)
	})
}

func TestS10HandlersOfDatagramsAreCalledUntilEAGAIN(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y := udp(b), udp(b)
		var got []string
		calls := 0
		x.SetReadableHandler(func() {
			calls++
			p := make([]byte, 9)
			g, err := x.TryRecvfrom(p)
			if err == nil {
				got = append(got, string(p[:g.N]))
			} else {
				is(b, err, syscall.EAGAIN)
			}
		})
		sent := 0
		y.SetWriteableHandler(func() {
			_, err := y.TrySendto([]byte{byte('a' + sent)}, x.LocalAddr())
			must(b, err)
			if sent++; sent == 3 {
				y.SetWriteableHandler(nil)
			}
		})
		until(b, "three datagrams", func() bool { return len(got) == 3 })
		if got[0]+got[1]+got[2] != "abc" {
			b.Error(got)
		}
		turns(b, b.Ev, 5)
		before := calls
		turns(b, b.Ev, 20)
		if calls != before {
			b.Errorf("called %d times with nothing there", calls-before)
		}
		r := x.Recvfrom(make([]byte, 9))
		done(b, b.Ev, y.Sendto([]byte("request"), x.LocalAddr()))
		if g := done(b, b.Ev, r); g.N != 7 || len(got) != 3 {
			b.Error(g, got)
		}
		done(b, b.Ev, y.Sendto([]byte("d"), x.LocalAddr()))
		until(b, "the handler again", func() bool { return len(got) == 4 })
		x.SetWriteableHandler(func() { b.Error("called on another loop") })
		must(b, x.SetEventContext(nil))
		must(b, x.SetEventContext(b.Ev))
		b.Wait() // nothing holds the loop any more
	})
}

// As tevent: of both only the writeable one.
func TestS10OnlyTheWriteableHandlerOfADgramIsCalledWhenBothAreReady(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x, y := udp(b), udp(b)
		done(b, b.Ev, y.Sendto([]byte("x"), x.LocalAddr()))
		writes, reads := 0, 0
		x.SetWriteableHandler(func() {
			if writes++; writes == 1 {
				x.SetReadableHandler(func() { reads = writes; x.SetReadableHandler(nil) })
			} else if writes == 20 {
				x.SetWriteableHandler(nil)
			}
		})
		until(b, "the readable one", func() bool { return reads > 0 })
		if reads != 20 {
			b.Errorf("called after %d calls of the writeable one", reads)
		}
	})
}

// A unix socket gives no sign of its peer's room.
func TestAWriteableHandlerFindsRoomAtAUnixPeer(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		x := endpoint(b, address(b, "unix:"+b.TempDir()+"/x"), tsocket.Address{})
		y := endpoint(b, address(b, "unix:"+b.TempDir()+"/y"), tsocket.Address{})
		full, sent := 0, 0
		y.SetWriteableHandler(func() {
			switch _, err := y.TrySendto([]byte("x"), x.LocalAddr()); {
			case err == nil:
				sent++
			case errors.Is(err, syscall.EAGAIN):
				full++
			default:
				b.Error(err)
				y.SetWriteableHandler(nil)
			}
		})
		until(b, "the queue is full", func() bool { return full > 3 })
		had := sent
		for range had {
			done(b, b.Ev, x.Recvfrom(make([]byte, 1)))
		}
		until(b, "there is room", func() bool { return sent > had })
		must(b, y.Close())
	})
}
