//go:build linux

package tsocket_test

import (
	"net/netip"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// group is members of a multicast group and who talks to them.
type group struct {
	testing.TB
	ev      *tevent.Context
	addr    netip.Addr
	zone    string // how the sender calls the interface, if it has to
	members [2]*tsocket.Dgram
	sender  *tsocket.Dgram
	port    uint16
}

// newGroup opens the endpoints; the members share a port.
func newGroup(t testing.TB, ev *tevent.Context, addr, every, from string) *group {
	g := &group{TB: t, ev: ev, addr: netip.MustParseAddr(addr)}
	for i := range g.members {
		at := netip.AddrPortFrom(address(t, every).AddrPort().Addr(), g.port)
		d, err := tsocket.DgramConfig{ReuseAddr: true}.Open(ev, tsocket.Inet(at), tsocket.Address{})
		must(t, err)
		t.Cleanup(func() { d.Close() })
		g.members[i], g.port = d, d.LocalAddr().AddrPort().Port()
	}
	g.sender = open(t, ev, address(t, from), tsocket.Address{})
	t.Cleanup(func() { g.sender.Close() })
	return g
}

func (g *group) join() {
	g.Helper()
	for _, d := range g.members {
		must(g, d.Join(g.addr, "lo"))
		is(g, d.Join(g.addr, "lo"), syscall.EADDRINUSE)
	}
}

func (g *group) leave() {
	g.Helper()
	for _, d := range g.members {
		must(g, d.Leave(g.addr, "lo"))
		is(g, d.Leave(g.addr, "lo"), syscall.EADDRNOTAVAIL)
	}
}

// heard sends text and wants every member to hear it, or none.
func (g *group) heard(text string, by bool) {
	g.Helper()
	to := tsocket.Inet(netip.AddrPortFrom(g.addr.WithZone(g.zone), g.port))
	done(g, g.ev, g.sender.Sendto([]byte(text), to))
	for _, d := range g.members {
		if got := all(g, g.ev, d, 1, 99); len(got) > 0 != by || by && got[0] != text {
			g.Fatalf("a member hears %q of %q", got, text)
		}
	}
}

func (g *group) show() {
	g.Helper()
	g.join()
	g.heard("to both", true)
	g.leave()
	g.heard("to nobody", false)
}

func TestAGroupIsHeardFromJoinToLeave(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		newGroup(b, b.Ev, "239.255.77.1", "0.0.0.0:0", "127.0.0.1:0").show()
	})
}

// The real loopback interface has no way for groups of IPv6.
func TestAGroupOfIPv6IsHeardFromJoinToLeave(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		g := newGroup(b, b.Ev, "ff02::7701", "[::]:0", "[::1]:0")
		g.join()
		g.leave()
	})
	simtest.Run(t, func(t testing.TB, ev *tevent.Context) {
		g := newGroup(t, ev, "ff02::7701", "[::]:0", "[fd00::1]:0")
		g.zone = "eth0"
		g.show()
	})
}

func TestJoinRefuses(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		d := udp(b)
		is(b, d.Join(netip.MustParseAddr("127.0.0.1"), ""), syscall.EINVAL)
		is(b, d.Leave(netip.Addr{}, ""), syscall.EINVAL)
		if err := d.Join(netip.MustParseAddr("ff02::1"), ""); err == nil {
			b.Error("IPv4 joins a group of IPv6")
		}
		must(b, d.Close())
		if d.Join(netip.MustParseAddr("239.1.1.1"), "") == nil {
			b.Error("a closed endpoint joins")
		}
	})
}

// Who asks for it may send to everybody.
func TestABroadcastNeedsTheOption(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		to := address(b, "255.255.255.255:9")
		fails(b, b.Ev, udp(b).Sendto([]byte("x"), to), syscall.EACCES)
		d, err := tsocket.DgramConfig{Broadcast: true}.Open(b.Ev, address(b, "127.0.0.1:0"), tsocket.Address{})
		must(b, err)
		b.Cleanup(func() { d.Close() })
		done(b, b.Ev, d.Sendto([]byte("x"), to))
	})
}

func TestABroadcastIsHeardByEverybodyElse(t *testing.T) {
	w := sim.Test(t)
	at := address(t, "0.0.0.0:2000")
	heard := map[string]bool{}
	for _, host := range []string{"10.0.0.1", "10.0.0.2", "10.0.0.3"} {
		w.Host(host).Go(host, func(ev *tevent.Context) {
			d, err := tsocket.DgramConfig{Broadcast: true}.Open(ev, at, tsocket.Address{})
			must(t, err)
			defer d.Close()
			if host == "10.0.0.1" {
				done(t, ev, tevent.Sleep(ev, patience/10))
				done(t, ev, d.Sendto([]byte("all"), address(t, "255.255.255.255:2000")))
				return
			}
			g := done(t, ev, d.Recvfrom(make([]byte, 9)))
			heard[host] = g.N == 3 && g.From == address(t, "10.0.0.1:2000")
		})
	}
	if err := w.Run(); err != nil {
		t.Fatal(err)
	}
	if len(heard) != 2 || !heard["10.0.0.2"] || !heard["10.0.0.3"] {
		t.Error(heard)
	}
}
