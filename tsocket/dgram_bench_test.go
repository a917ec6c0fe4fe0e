//go:build linux

package tsocket_test

import (
	"fmt"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// BenchmarkSendtoRecvfrom is one datagram of 64 bytes there, alone in its turn.
func BenchmarkSendtoRecvfrom(b *testing.B) {
	ev, s, d := untrackedUDP(b, "127.0.0.1:0")
	msg, buf, to := make([]byte, 64), make([]byte, 64), d.LocalAddr()
	b.ReportAllocs()
	for b.Loop() {
		s.Sendto(msg, to).Ignore()
		if g, err := tevent.Wait(ev, d.Recvfrom(buf)); err != nil || g.N != 64 {
			b.Fatal(g, err)
		}
	}
}

// BenchmarkBatch is one datagram of 64 bytes there, among others: of one length,
// which travel as one packet, or each of another.
func BenchmarkBatch(b *testing.B) {
	for _, shape := range []string{"joined", "apart"} {
		for _, n := range []int{1, 4, 16, 64} {
			b.Run(fmt.Sprintf("%s/%d", shape, n), func(b *testing.B) { benchBatch(b, n, shape == "apart") })
		}
	}
}

func benchBatch(b *testing.B, n int, apart bool) {
	ev, s, d := untrackedUDP(b, "127.0.0.1:0")
	ps, got := make([]tsocket.Packet, n), make([]tsocket.Packet, n)
	for i := range ps {
		ps[i] = tsocket.Packet{Buf: make([]byte, 64), Addr: d.LocalAddr()}
		if apart {
			ps[i].Buf = ps[i].Buf[:i+1] // a longer one begins a packet
		}
		got[i].Buf = make([]byte, 64)
	}
	b.ReportAllocs()
	for i := 0; i < b.N; i += n {
		if k, err := tevent.Wait(ev, s.SendBatch(ps)); k != n || err != nil {
			b.Fatal(k, err)
		}
		for left := n; left > 0; {
			k, err := tevent.Wait(ev, d.RecvBatch(got))
			if err != nil {
				b.Fatal(err)
			}
			left -= k
		}
	}
}
