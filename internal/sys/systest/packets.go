//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// packets is one for each text, which are in two buffers.
func packets(to sys.Addr, texts ...string) []sys.Packet {
	ps := make([]sys.Packet, len(texts))
	for i, text := range texts {
		ps[i] = sys.Packet{Msg: sys.Msg{Bufs: [][]byte{[]byte(text[:len(text)/2]), []byte(text[len(text)/2:])}}, Addr: to}
	}
	return ps
}

// room is n packets to receive 4 bytes each.
func room(n int) []sys.Packet {
	ps := make([]sys.Packet, n)
	for i := range ps {
		ps[i].Bufs = [][]byte{make([]byte, 1), make([]byte, 3)}
	}
	return ps
}

func text(p *sys.Packet) string { return (string(p.Bufs[0]) + string(p.Bufs[1]))[:p.N] }

func (on System) PacketsMoveTogetherAndTellWhyNotAll(t *testing.T) {
	k := on.Kernel()
	a, from := udp(t, k)
	b, to := udp(t, k)
	_, e := k.RecvPackets(b, room(2))
	wantErrno(t, e, unix.EAGAIN)
	texts := []string{"a", "", "bcd", "abcdefg", "yz"}
	for _, most := range []int{1, 2, 5, 9} {
		ps := packets(to, texts...)
		n, e := k.SendPackets(a, ps)
		must(t, e)
		if n != len(ps) || ps[0].N != 1 || ps[1].N != 0 || ps[3].N != 7 {
			t.Fatalf("%d sent, %+v", n, ps)
		}
		for left := texts; len(left) > 0; {
			ps := room(most)
			n, e := k.RecvPackets(b, ps)
			if want := sys.Errno(unix.EAGAIN); n != min(most, len(left)) || (e == want) != (n < most) || e != 0 && e != want {
				t.Fatalf("%d received of %d, at most %d: %v", n, len(left), most, e)
			}
			for i := range n {
				want := left[i][:min(4, len(left[i]))]
				if text(&ps[i]) != want || ps[i].Addr != from || (ps[i].Cut == sys.CutBytes) != (len(left[i]) > 4) {
					t.Errorf("received %+v, want %q", ps[i], want)
				}
			}
			left = left[n:]
		}
	}
}

func (on System) PacketsStopInFrontOfOneThatCannotBeSent(t *testing.T) {
	k := on.Kernel()
	a, _ := udp(t, k)
	b, to := udp(t, k)
	for what, spoil := range map[string]func(p *sys.Packet){
		"too long":   func(p *sys.Packet) { p.Bufs = [][]byte{make([]byte, 70000)} },
		"no address": func(p *sys.Packet) { p.Addr = sys.Addr{Family: unix.AF_INET} },
		"port 0":     func(p *sys.Packet) { p.Addr.Inet = netip.AddrPortFrom(p.Addr.Inet.Addr(), 0) },
	} {
		ps := packets(to, "a", "b", "c", "d")
		spoil(&ps[2])
		n, e := k.SendPackets(a, ps)
		must(t, e)
		if n != 2 {
			t.Fatalf("%s: %d sent", what, n)
		}
		if n, e := k.SendPackets(a, ps[2:]); e == 0 || n != 0 {
			t.Errorf("%s: %d sent, %v", what, n, e)
		}
		got := room(4)
		if n, e := k.RecvPackets(b, got); n != 2 || e != unix.EAGAIN || text(&got[0]) != "a" || text(&got[1]) != "b" {
			t.Errorf("%s: %d received, %v", what, n, e)
		}
	}
}

// A system without them has nothing to show but that it says so.
func (on System) PacketsAreCutIntoDatagramsAndComeJoined(t *testing.T) {
	k := on.Kernel()
	a, from := udp(t, k)
	if _, e := k.Sockopt(a, unix.IPPROTO_UDP, sys.UDPSegment); e != 0 {
		if sys.UDPSegment > 0 {
			t.Error(e)
		}
		return
	}
	for _, join := range []int{0, 1} {
		b, to := udp(t, k)
		must(t, k.SetSockopt(b, unix.IPPROTO_UDP, sys.UDPGRO, join))
		whole := strings.Repeat("0123456789", 7) + "end"
		ps := packets(to, whole)
		ps[0].Segment = 10
		n, e := k.SendPackets(a, ps)
		must(t, e)
		if n != 1 || ps[0].N != len(whole) {
			t.Fatal(n, ps[0].N)
		}
		var got []string
		for calls := 1; ; calls++ {
			ps := []sys.Packet{{Msg: sys.Msg{Bufs: [][]byte{make([]byte, 200)}}, Segment: join}}
			n, e := k.RecvPackets(b, ps)
			if e == unix.EAGAIN {
				if join == 1 && calls != 2 {
					t.Errorf("%d calls for what was joined", calls)
				}
				break
			}
			must(t, e)
			if p := ps[0]; n != 1 || p.Addr != from || p.Cut != 0 || join == 0 && p.Segment != 0 {
				t.Fatalf("%d, %+v", n, p)
			}
			got = append(got, cut(ps[0].Bufs[0][:ps[0].N], ps[0].Segment)...)
		}
		if want := cut([]byte(whole), 10); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("joined %d: received %q, want %q", join, got, want)
		}
	}
}

// cut is what datagrams of size bytes b is made of; 0 is one.
func cut(b []byte, size int) (texts []string) {
	for size > 0 && len(b) > size {
		texts, b = append(texts, string(b[:size])), b[size:]
	}
	return append(texts, string(b))
}
