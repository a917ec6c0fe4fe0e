//go:build linux

package tsocket_test

import (
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// batch is packets for to.
func batch(to tsocket.Address, texts ...string) []tsocket.Packet {
	ps := make([]tsocket.Packet, len(texts))
	for i := range ps {
		ps[i] = tsocket.Packet{Buf: []byte(texts[i]), Addr: to}
	}
	return ps
}

// all is what comes to d, received in batches of most with room for size bytes
// each, until nothing does.
func all(t testing.TB, ev *tevent.Context, d *tsocket.Dgram, most, size int) (texts []string) {
	t.Helper()
	for {
		ps := make([]tsocket.Packet, most)
		for i := range ps {
			ps[i].Buf = make([]byte, size)
		}
		r := d.RecvBatch(ps)
		turns(t, ev, 3)
		if r.InProgress() {
			r.Drop()
			return texts
		}
		n, err := r.Result()
		must(t, err)
		for _, p := range ps[:n] {
			text := string(p.Buf[:p.N])
			if p.Truncated {
				text += "…"
			}
			texts = append(texts, text)
		}
	}
}

func same(t testing.TB, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, ",") != strings.Join(want, ",") {
		t.Fatalf("received %q, want %q", got, want)
	}
}

// Datagrams for one address, of one length but for the last, are one packet.
func TestABatchIsOneCallWhateverItsDatagramsAre(t *testing.T) {
	ev, in := injected(t)
	a, b := apart("127.0.0.1:0", "127.0.0.1:0")(t, ev)
	defer a.Close()
	defer b.Close()
	before := in.Count(fault.SendPackets)
	texts := []string{"aa", "bb", "c", "", "dd", "eee", "fff", "gg"}
	ps := batch(b.LocalAddr(), texts...)
	ps = append(ps, batch(a.LocalAddr(), "mine")...)
	if n := done(t, ev, a.SendBatch(ps)); n != len(ps) {
		t.Fatal(n)
	}
	if n := in.Count(fault.SendPackets) - before; n != 1 {
		t.Errorf("%d calls", n)
	}
	before = in.Count(fault.RecvPackets)
	same(t, all(t, ev, b, 20, 9), texts...)
	if n := in.Count(fault.RecvPackets) - before; n != 1 { // which told that there are no more
		t.Errorf("%d calls", n)
	}
	same(t, all(t, ev, a, 2, 9), "mine")
}

func TestManyDatagramsTakeSeveralCalls(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a, peer := udp(b), udp(b)
		var texts []string
		for i := range 300 {
			texts = append(texts, strings.Repeat("x", i%3))
		}
		if n := done(b, b.Ev, a.SendBatch(batch(peer.LocalAddr(), texts...))); n != 300 {
			b.Fatal(n)
		}
		got := all(b, b.Ev, peer, 100, 9) // a socket that is full drops some
		if len(got) < 80 {
			b.Fatal(len(got), "have come")
		}
		same(b, got[:80], texts[:80]...)
	})
}

// A system may refuse to send several datagrams as one packet.
func TestWhatCannotBeTogetherIsSentApart(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.EIO, syscall.EINVAL, syscall.EMSGSIZE, syscall.EPERM} {
		ev, in := injected(t)
		a, b := apart("127.0.0.1:0", "127.0.0.1:0")(t, ev)
		f := in.Inject(fault.Plan{Call: fault.SendPackets, Errno: errno})
		texts := []string{"aa", "bb", "cc", "dd"}
		for range 2 {
			if n := done(t, ev, a.SendBatch(batch(b.LocalAddr(), texts...))); n != len(texts) {
				t.Fatal(n)
			}
			same(t, all(t, ev, b, 9, 9), texts...)
		}
		if f.Fired() != 1 {
			t.Error("the fault did not fire")
		}
		a.Close()
		b.Close()
	}
}

// 2000 bytes are too long for the link: together they cannot be sent, alone each
// goes in fragments.
func TestDatagramsTooLongForTheLinkAreSentApart(t *testing.T) {
	simtest.Run(t, func(t testing.TB, ev *tevent.Context) {
		a := open(t, ev, address(t, "[::]:0"), tsocket.Address{})
		defer a.Close()
		text := strings.Repeat("x", 2000)
		if n := done(t, ev, a.SendBatch(batch(address(t, "10.0.0.9:9"), text, text, text))); n != 3 {
			t.Fatal(n)
		}
	})
}

// coalescing is an endpoint that may get several datagrams at once.
func coalescing(b *bt.Backend) *tsocket.Dgram {
	d, err := tsocket.DgramConfig{Coalesce: true}.Open(b.Ev, address(b, "127.0.0.1:0"), tsocket.Address{})
	must(b, err)
	b.Cleanup(func() { d.Close() })
	return d
}

func TestWhatCameTogetherIsCutApart(t *testing.T) {
	texts := []string{"aaaa", "bbbb", "cccc", "dddd", "eeee", "ff"}
	for _, most := range []int{1, 2, 5, 20} {
		bt.Each(t, func(b *bt.Backend) {
			a, d := udp(b), coalescing(b)
			for range 2 {
				done(b, b.Ev, a.SendBatch(batch(d.LocalAddr(), texts...)))
			}
			done(b, b.Ev, a.SendBatch(batch(d.LocalAddr(), "", "g", "")))
			want := append(append(texts, texts...), "", "g", "")
			same(b, all(b, b.Ev, d, most, 9), want...)
		})
	}
}

// Each is cut to its own room.
func TestWhatCameTogetherIsCutToTheRoomOfEach(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a, d := udp(b), coalescing(b)
		done(b, b.Ev, a.SendBatch(batch(d.LocalAddr(), "aaaa", "bbbb", "cc")))
		same(b, all(b, b.Ev, d, 2, 3), "aaa…", "bbb…", "cc")
	})
}

// What was received ahead is the endpoint's, wherever it goes, and its buffers are
// the context's, whose end checks them.
func TestWhatCameTogetherMovesAndIsGivenBack(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a, d := udp(b), coalescing(b)
		texts := []string{"aaaa", "bbbb", "cccc", "dd"}
		done(b, b.Ev, a.SendBatch(batch(d.LocalAddr(), texts...)))
		buf := make([]byte, 9)
		if g := done(b, b.Ev, d.Recvfrom(buf)); string(buf[:g.N]) != "aaaa" {
			b.Fatal(g)
		}
		must(b, d.SetEventContext(nil))
		must(b, d.SetEventContext(b.Ev))
		if g := done(b, b.Ev, d.Recvfrom(buf)); string(buf[:g.N]) != "bbbb" {
			b.Fatal(g)
		}
		done(b, b.Ev, a.SendBatch(batch(d.LocalAddr(), texts...)))
		same(b, all(b, b.Ev, d, 9, 9), "cccc", "dd", "aaaa", "bbbb", "cccc", "dd")
		done(b, b.Ev, a.SendBatch(batch(d.LocalAddr(), texts...)))
		done(b, b.Ev, d.Recvfrom(buf))
		must(b, d.Close())
		if n := b.Ev.Driver().Buffers.Taken(); n != 0 {
			b.Errorf("%d bytes of buffers are not given back", n)
		}
	})
}
