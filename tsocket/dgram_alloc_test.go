//go:build linux

package tsocket_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// untrackedUDP is two endpoints on a context that keeps no records.
func untrackedUDP(tb testing.TB, addr string) (*tevent.Context, *tsocket.Dgram, *tsocket.Dgram) {
	tb.Helper()
	ev := teventtest.Open(tb)
	a, b := apart(addr, addr)(tb, ev)
	tb.Cleanup(func() {
		a.Close()
		b.Close()
		ev.Close()
	})
	return ev, a, b
}

func TestRecvfromAndSendtoAllocNothing(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		ev, a, b := untrackedUDP(t, addr)
		msg, buf, to := make([]byte, 64), make([]byte, 64), b.LocalAddr()
		noAllocs(t, func() {
			r := b.Recvfrom(buf)
			if n, err := tevent.Wait(ev, a.Sendto(msg, to)); n != 64 || err != nil {
				t.Fatal(n, err)
			}
			if g, err := tevent.Wait(ev, r); g.N != 64 || err != nil {
				t.Fatal(g, err)
			}
		})
	}
}

func TestSendtoQueueAllocsNothing(t *testing.T) {
	ev, a, b := untrackedUDP(t, "127.0.0.1:0")
	q := queue.New(ev, "send")
	defer q.Close()
	msg, buf, to := make([]byte, 64), make([]byte, 64), b.LocalAddr()
	noAllocs(t, func() {
		for range 3 {
			a.SendtoQueue(q, msg, to).Ignore()
		}
		if n, err := tevent.Wait(ev, a.SendtoQueue(q, msg, to)); n != 64 || err != nil {
			t.Fatal(n, err)
		}
		for range 4 {
			if g, err := tevent.Wait(ev, b.Recvfrom(buf)); g.N != 64 || err != nil {
				t.Fatal(g, err)
			}
		}
	})
}

func TestBatchesAllocNothing(t *testing.T) {
	ev, a, b := untrackedUDP(t, "127.0.0.1:0")
	ps, got := make([]tsocket.Packet, 16), make([]tsocket.Packet, 16)
	for i := range ps {
		ps[i] = tsocket.Packet{Buf: make([]byte, 64), Addr: b.LocalAddr()}
		got[i].Buf = make([]byte, 64)
	}
	noAllocs(t, func() {
		if n, err := tevent.Wait(ev, a.SendBatch(ps)); n != len(ps) || err != nil {
			t.Fatal(n, err)
		}
		for left := len(ps); left > 0; {
			n, err := tevent.Wait(ev, b.RecvBatch(got))
			if err != nil {
				t.Fatal(err)
			}
			left -= n
		}
	})
}
