//go:build linux

package tsocket_test

import (
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// packetPair is two bridges of endpoints that know each other's address.
type packetPair struct {
	*netLoop
	a, b net.PacketConn
}

// overDatagrams runs body with a pair over each transport.
func overDatagrams(t *testing.T, body func(t *testing.T, p *packetPair)) {
	for _, name := range []string{"udp", "udp6", "unix"} {
		t.Run(name, func(t *testing.T) {
			ev := teventtest.New(t)
			at := map[string]string{"udp": "127.0.0.1:0", "udp6": "[::1]:0", "unix": "unix:" + filepath.Join(t.TempDir(), "s")}[name]
			a, b := at, at
			if name == "unix" {
				a, b = at+"1", at+"2"
			}
			p := &packetPair{
				a: tsocket.NetPacketConn(open(t, ev, address(t, a), tsocket.Address{})),
				b: tsocket.NetPacketConn(open(t, ev, address(t, b), tsocket.Address{})),
			}
			p.netLoop = runLoop(t, ev)
			t.Cleanup(func() { _ = p.a.Close(); _ = p.b.Close() })
			body(t, p)
		})
	}
}

// echo sends what comes back to its sender, n times.
func echo(t testing.TB, c net.PacketConn, n int) {
	b := make([]byte, 100)
	for range n {
		k, from, err := c.ReadFrom(b)
		if err == nil {
			_, err = c.WriteTo(b[:k], from)
		}
		if err != nil {
			t.Error(err)
			return
		}
	}
}

func TestNetPacketConnSendsAndReceives(t *testing.T) {
	overDatagrams(t, func(t *testing.T, p *packetPair) {
		wait := later(func() { echo(t, p.b, 3) })
		b := make([]byte, 4)
		for _, text := range []string{"one", "", "longer"} {
			n, err := p.a.WriteTo([]byte(text), p.b.LocalAddr())
			if n != len(text) || err != nil {
				t.Fatal(n, err)
			}
			n, from, err := p.a.ReadFrom(b)
			must(t, err)
			if want := text[:min(4, len(text))]; string(b[:n]) != want || from.String() != p.b.LocalAddr().String() {
				t.Errorf("%q from %v, want %q from %v", b[:n], from, want, p.b.LocalAddr())
			}
		}
		wait()
	})
}

func TestNetPacketConnAddressesAreThoseOfNet(t *testing.T) {
	overDatagrams(t, func(t *testing.T, p *packetPair) {
		wait := later(func() { echo(t, p.b, 1) })
		to, err := tsocket.ParseAddress(strings.TrimPrefix(p.b.LocalAddr().Network()+":", "udp:") + p.b.LocalAddr().String())
		if p.b.LocalAddr().Network() == "unixgram" {
			to, err = tsocket.Unix(p.b.LocalAddr().String())
		}
		must(t, err)
		_, err = p.a.WriteTo([]byte("x"), to)
		must(t, err)
		_, from, err := p.a.ReadFrom(make([]byte, 1))
		must(t, err)
		wait()
		for _, a := range []net.Addr{from, p.a.LocalAddr()} {
			switch a.(type) {
			case *net.UDPAddr, *net.UnixAddr:
			default:
				t.Errorf("%T", a)
			}
		}
		_, err = p.a.WriteTo(nil, nil)
		opError(t, err, "write", syscall.EDESTADDRREQ)
	})
}

func TestNetPacketConnDeadlinesAndClose(t *testing.T) {
	overDatagrams(t, func(t *testing.T, p *packetPair) {
		b := make([]byte, 9)
		must(t, p.a.SetDeadline(past))
		_, _, err := p.a.ReadFrom(b)
		timeout(t, err, "read")
		_, err = p.a.WriteTo(b, p.b.LocalAddr())
		timeout(t, err, "write")
		must(t, p.a.SetReadDeadline(time.Now().Add(time.Millisecond)))
		must(t, p.a.SetWriteDeadline(time.Time{}))
		_, _, err = p.a.ReadFrom(b) // the loop goes on waiting
		timeout(t, err, "read")
		must(t, p.a.SetReadDeadline(time.Time{}))
		_, err = p.b.WriteTo([]byte("kept"), p.a.LocalAddr())
		must(t, err)
		n, _, err := p.a.ReadFrom(b)
		must(t, err)
		if string(b[:n]) != "kept" {
			t.Errorf("%q", b[:n])
		}
		var g sync.WaitGroup
		for range 3 {
			g.Go(func() {
				_, _, err := p.a.ReadFrom(make([]byte, 1))
				opError(t, err, "read", net.ErrClosed)
			})
		}
		must(t, p.a.Close())
		g.Wait()
		_, err = p.a.WriteTo(b, p.b.LocalAddr())
		opError(t, err, "write", net.ErrClosed)
		opError(t, p.a.Close(), "close", net.ErrClosed)
		opError(t, p.a.SetDeadline(past), "set", net.ErrClosed)
	})
}

// A send that has to wait is ended by its deadline, and the next one goes on.
// fullPackets is a connection of datagrams that has no room to send to full, after
// n datagrams.
func fullPackets(t *testing.T) (ev *tevent.Context, full, c net.PacketConn, n int) {
	ev = teventtest.New(t)
	dir := "unix:" + t.TempDir()
	full = tsocket.NetPacketConn(open(t, ev, address(t, dir+"/full"), tsocket.Address{}))
	c = tsocket.NetPacketConn(open(t, ev, address(t, dir+"/c"), tsocket.Address{}))
	runLoop(t, ev)
	t.Cleanup(func() { _ = full.Close(); _ = c.Close() })
	for {
		must(t, c.SetWriteDeadline(time.Now().Add(20*time.Millisecond)))
		if _, err := c.WriteTo([]byte("x"), full.LocalAddr()); err != nil {
			timeout(t, err, "write")
			return ev, full, c, n
		}
		n++
	}
}

// One that is closed while it sends gives back the copy of what it was sending.
func TestNetPacketConnThatIsClosedHoldsNoBuffer(t *testing.T) {
	ev, full, c, _ := fullPackets(t)
	must(t, c.SetWriteDeadline(time.Time{}))
	wait := later(func() {
		_, err := c.WriteTo([]byte("last"), full.LocalAddr())
		opError(t, err, "write", net.ErrClosed)
	})
	taken := make(chan int)
	copied := 0
	for i := 0; copied == 0 && i < 1e6; i++ { // until it waits for room
		ev.Post(func() { taken <- ev.Driver().Buffers.Taken() })
		copied = <-taken
	}
	ev.Post(func() { ev.Close() })
	wait() // the check of the context finds what was not given back
}

func TestNetPacketConnWriteToWaitsForRoom(t *testing.T) {
	_, full, c, n := fullPackets(t)
	must(t, c.SetWriteDeadline(time.Time{}))
	wait := later(func() {
		if _, err := c.WriteTo([]byte("last"), full.LocalAddr()); err != nil {
			t.Error(err)
		}
	})
	b := make([]byte, 9)
	for range n {
		if k, _, err := full.ReadFrom(b); string(b[:k]) != "x" || err != nil {
			t.Fatal(k, err)
		}
	}
	for string(b[:4]) != "last" { // the one that gave up may have gone
		_, _, err := full.ReadFrom(b)
		must(t, err)
	}
	wait()
}

func TestNetPacketConnOfAConnectedPeerIsANetConn(t *testing.T) {
	ev := teventtest.New(t)
	far, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	defer far.Close()
	to, err := tsocket.ParseAddress(far.LocalAddr().String())
	must(t, err)
	c := tsocket.NetPacketConn(open(t, ev, tsocket.Address{}, to)).(net.Conn)
	runLoop(t, ev)
	defer c.Close()
	if c.RemoteAddr().String() != far.LocalAddr().String() {
		t.Error(c.RemoteAddr())
	}
	wait := later(func() { echo(t, far, 1) })
	_, err = c.Write([]byte("question"))
	must(t, err)
	b := make([]byte, 20)
	n, err := c.Read(b)
	must(t, err)
	wait()
	if string(b[:n]) != "question" {
		t.Errorf("%q", b[:n])
	}
	must(t, far.Close())
	_, err = c.Write([]byte("x"))
	must(t, err)
	_, err = c.Read(b)
	opError(t, err, "read", syscall.ECONNREFUSED)
}

func TestNetPacketConnOfAClosedContextIsClosed(t *testing.T) {
	overDatagrams(t, func(t *testing.T, p *packetPair) {
		wait := later(func() {
			_, _, err := p.a.ReadFrom(make([]byte, 1))
			opError(t, err, "read", net.ErrClosed, tevent.ErrClosed)
		})
		p.ev.Post(func() { p.ev.Close() })
		wait()
	})
}
