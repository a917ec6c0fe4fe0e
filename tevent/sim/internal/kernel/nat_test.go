package kernel

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// within puts a behind 192.0.2.1.
func within(t *testing.T) *world {
	w := newWorld(t)
	w.n.NAT(ip("192.0.2.1"), w.a.Host())
	return w
}

func TestConnectionsThroughNATShowThePublicAddress(t *testing.T) {
	w := within(t)
	c, s := w.pair()
	peer, e := w.b.Peername(s)
	w.ok(e)
	own, e := w.a.Sockname(c)
	w.ok(e)
	if peer.Inet.Addr() != ip("192.0.2.1") || own.Inet.Addr() != ip("10.0.0.1") {
		t.Fatal(peer, own)
	}
	w.send(w.b, s, "back")
	w.settle(soon)
	if got := w.recv(w.a, c); got != "back" {
		t.Fatal(got)
	}
}

func TestNobodyReachesAHostBehindNATUnasked(t *testing.T) {
	w := within(t)
	w.listen(w.a, "0.0.0.0:80", 8)
	for _, to := range []string{"10.0.0.1:80", "192.0.2.1:80"} {
		c := w.dial(w.b, to)
		w.settle(130 * second)
		w.soError(w.b, c, syscall.ETIMEDOUT)
	}
}

func TestAnswersComeThroughNATUntilItForgets(t *testing.T) {
	w := within(t)
	a, b := w.udp(w.a, "0.0.0.0:1000"), w.udp(w.b, "10.0.0.2:2000")
	from := func() sys.Addr {
		w.sendTo(w.a, a, "x", "10.0.0.2:2000")
		w.settle(soon)
		k := sys.Packet{Msg: *msg(make([]byte, 9))}
		_, e := w.b.RecvPacket(b, &k)
		w.ok(e)
		return k.Addr
	}
	first := from()
	if first.Inet.Addr() != ip("192.0.2.1") || first != from() {
		t.Fatal(first)
	}
	w.sendTo(w.b, b, "answer", first.Inet.String())
	w.settle(soon)
	if got := w.recv(w.a, a); got != "answer" {
		t.Fatal(got)
	}
	w.n.ForgetNAT(ip("192.0.2.1"))
	w.sendTo(w.b, b, "lost", first.Inet.String())
	w.settle(soon)
	w.recvFails(w.a, a, syscall.EAGAIN)
	if from() == first {
		t.Fatal("the same port again")
	}
}
