//go:build linux

package tsocket_test

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// endpoint is a datagram socket on b that is closed with the body.
func endpoint(b *bt.Backend, local, remote tsocket.Address) *tsocket.Dgram {
	b.Helper()
	d, err := tsocket.OpenDgram(b.Ev, local, remote)
	must(b, err)
	b.Cleanup(func() { d.Close() })
	return d
}

// udp is an endpoint of the loopback address.
func udp(b *bt.Backend) *tsocket.Dgram {
	return endpoint(b, address(b, "127.0.0.1:0"), tsocket.Address{})
}

// refused is an endpoint whose peer's port nobody has any more.
func refused(b *bt.Backend) *tsocket.Dgram {
	gone := udp(b)
	d := endpoint(b, tsocket.Address{}, gone.LocalAddr())
	must(b, gone.Close())
	return d
}

// Ours: an empty datagram is one like any other, and what is called after Close
// says net.ErrClosed. EBUSY and ENOTCONN as tevent.
func TestS68OneReceiveAndOneSendAtATimeAndNoneAfterDisconnect(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a, peer := udp(b), udp(b)
		if n := done(b, b.Ev, a.Sendto(nil, peer.LocalAddr())); n != 0 {
			b.Fatal(n)
		}
		r := a.Recvfrom(make([]byte, 9))
		fails(b, b.Ev, a.Recvfrom(nil), syscall.EBUSY)
		fails(b, b.Ev, a.RecvBatch(make([]tsocket.Packet, 1)), syscall.EBUSY)
		fails(b, b.Ev, a.Disconnect(), syscall.EBUSY)
		done(b, b.Ev, peer.Sendto([]byte("first"), a.LocalAddr()))
		if g := done(b, b.Ev, r); g.N != 5 || g.From != peer.LocalAddr() {
			b.Fatal(g)
		}
		q := a.Disconnect()
		fails(b, b.Ev, a.Recvfrom(nil), syscall.ECONNABORTED)
		fails(b, b.Ev, a.Disconnect(), syscall.EALREADY)
		done(b, b.Ev, q)
		fails(b, b.Ev, a.Recvfrom(nil), syscall.ENOTCONN)
		fails(b, b.Ev, a.Sendto(nil, peer.LocalAddr()), syscall.ENOTCONN)
		fails(b, b.Ev, a.Disconnect(), syscall.ENOTCONN)
	})
}

// As tevent.
func TestS69ErrorsOfASendDoNotStick(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a, peer := udp(b), udp(b)
		fails(b, b.Ev, a.Sendto(make([]byte, 70000), peer.LocalAddr()), syscall.EMSGSIZE)
		fails(b, b.Ev, a.Sendto([]byte("x"), tsocket.Address{}), syscall.EDESTADDRREQ)
		done(b, b.Ev, a.Sendto([]byte("x"), peer.LocalAddr()))
		if g := done(b, b.Ev, peer.Recvfrom(make([]byte, 9))); g.N != 1 {
			b.Fatal(g)
		}
	})
}

// As tevent; ours: a send that meets it repeats itself.
func TestS70ARefusedPortIsToldToTheReceiveAndNeverToASend(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a := refused(b)
		for range 3 {
			done(b, b.Ev, a.Sendto([]byte("x"), tsocket.Address{}))
			done(b, b.Ev, tevent.Sleep(b.Ev, patience/1000))
		}
		fails(b, b.Ev, a.Monitor(), syscall.ECONNREFUSED)
		fails(b, b.Ev, a.Recvfrom(make([]byte, 9)), syscall.ECONNREFUSED)
		r := a.Recvfrom(make([]byte, 9)) // waits, and is told of the next
		done(b, b.Ev, a.Sendto([]byte("x"), tsocket.Address{}))
		done(b, b.Ev, a.Sendto([]byte("x"), tsocket.Address{}))
		fails(b, b.Ev, r, syscall.ECONNREFUSED)
	})
}

// Ours: at tevent it fails with ENOMEM.
func TestS71AnEmptyDatagramIsReceivedAndDoesNotSpin(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a, peer := udp(b), udp(b)
		done(b, b.Ev, peer.Sendto(nil, a.LocalAddr()))
		if g := done(b, b.Ev, a.Recvfrom(make([]byte, 9))); g != (tsocket.Datagram{From: peer.LocalAddr()}) {
			b.Fatal(g)
		}
		r := a.Recvfrom(make([]byte, 9))
		for range 5 {
			b.Look()
		}
		if !r.InProgress() {
			b.Fatal("there was only one")
		}
		r.Drop()
	})
}

// As tevent with tdgram_bsd_optimize_recvfrom, which is ours always.
func TestS72AReceiveMayBeFinishedOnReturnAndIsCalledBackLater(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a, peer := udp(b), udp(b)
		done(b, b.Ev, peer.Sendto([]byte("x"), a.LocalAddr()))
		done(b, b.Ev, tevent.Sleep(b.Ev, patience/1000))
		called := false
		r := a.Recvfrom(make([]byte, 9))
		r.SetCallback(func(r tevent.Req[tsocket.Datagram]) {
			called = true
			_, err := r.Result()
			must(b, err)
		})
		if r.InProgress() || called {
			b.Fatal(r, called)
		}
		b.Turn()
		if !called {
			b.Fatal("not called")
		}
	})
}
