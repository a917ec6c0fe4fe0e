package kernel

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (w *world) udp(p *Proc, at string) int {
	w.Helper()
	a := inet(at)
	fd := w.fd(p.Socket(a.Family, syscall.SOCK_DGRAM, 0))
	w.ok(p.Bind(fd, a))
	return fd
}

func (w *world) sendTo(p *Proc, fd int, text, to string) {
	w.Helper()
	k := sys.Packet{Msg: *msg([]byte(text)), Addr: *inet(to)}
	_, e := p.SendPacket(fd, &k)
	w.ok(e)
}

func TestDatagramsTellWhereTheyComeFrom(t *testing.T) {
	w := newWorld(t)
	a, b := w.udp(w.a, "10.0.0.1:1000"), w.udp(w.b, "0.0.0.0:2000")
	w.sendTo(w.a, a, "hello", "10.0.0.2:2000")
	w.sendTo(w.a, a, "", "10.0.0.2:2000")
	w.settle(soon)
	for _, want := range []int{5, 0} {
		k := sys.Packet{Msg: *msg(make([]byte, 100))}
		n, e := w.b.RecvPacket(b, &k)
		w.ok(e)
		if n != want || k.Addr != *inet("10.0.0.1:1000") || k.Cut != 0 {
			t.Fatal(n, k)
		}
	}
	w.recvFails(w.b, b, syscall.EAGAIN)
}

func TestAConnectedSocketTakesDatagramsOfItsPeerOnly(t *testing.T) {
	w := newWorld(t)
	a, b := w.udp(w.a, "10.0.0.1:1000"), w.udp(w.b, "10.0.0.2:2000")
	other := w.udp(w.b, "10.0.0.2:2001")
	w.ok(w.a.Connect(a, inet("10.0.0.2:2000")))
	w.sendTo(w.b, other, "stranger", "10.0.0.1:1000")
	w.sendTo(w.b, b, "friend", "10.0.0.1:1000")
	w.settle(soon)
	if got := w.recv(w.a, a); got != "friend" {
		t.Fatal(got)
	}
}

func TestAPortThatNobodyHasIsToldOnce(t *testing.T) {
	w := newWorld(t)
	a := w.udp(w.a, "10.0.0.1:1000")
	w.sendTo(w.a, a, "not connected, not told", "10.0.0.2:2000")
	w.settle(soon)
	w.recvFails(w.a, a, syscall.EAGAIN)
	w.ok(w.a.Connect(a, inet("10.0.0.2:2000")))
	w.send(w.a, a, "anybody?")
	w.settle(soon)
	w.isReady(w.a, a, sys.Out|sys.Error)
	w.recvFails(w.a, a, syscall.ECONNREFUSED)
	w.recvFails(w.a, a, syscall.EAGAIN)
}

func TestADatagramIsNeverCutInSending(t *testing.T) {
	w := newWorld(t)
	a := w.udp(w.a, "10.0.0.1:1000")
	w.ok(w.a.Connect(a, inet("10.0.0.2:2000")))
	_, e := w.a.Sendmsg(a, msg(make([]byte, largest+1)))
	w.want(e, syscall.EMSGSIZE)
}

func TestABroadcastNeedsPermission(t *testing.T) {
	w := newWorld(t)
	a, b := w.udp(w.a, "10.0.0.1:1000"), w.udp(w.b, "0.0.0.0:2000")
	k := sys.Packet{Msg: *msg([]byte("all")), Addr: *inet("255.255.255.255:2000")}
	_, e := w.a.SendPacket(a, &k)
	w.want(e, syscall.EACCES)
	w.ok(w.a.SetSockopt(a, syscall.SOL_SOCKET, syscall.SO_BROADCAST, 1))
	_, e = w.a.SendPacket(a, &k)
	w.ok(e)
	w.settle(soon)
	if got := w.recv(w.b, b); got != "all" {
		t.Fatal(got)
	}
}

// arrivals is how many of 1000 datagrams arrive over a link, how many come
// twice and how many after a later one.
func arrivals(t *testing.T, change func(*Link)) (distinct, twice, late int) {
	w := newWorld(t)
	change(w.n.Link(w.a.Host(), w.b.Host()))
	a, b := w.udp(w.a, "10.0.0.1:1000"), w.udp(w.b, "10.0.0.2:2000")
	w.ok(w.a.Connect(a, inet("10.0.0.2:2000")))
	w.ok(w.b.SetSockopt(b, syscall.SOL_SOCKET, syscall.SO_RCVBUF, 1<<20))
	var seen [1000]int
	last := -1
	take := func() {
		for p := make([]byte, 2); ; {
			if _, e := w.b.Recvmsg(b, msg(p)); e != 0 {
				return
			}
			i := int(p[0])<<8 | int(p[1])
			if seen[i]++; i < last {
				late++
			}
			last = max(last, i)
		}
	}
	for i := range seen {
		w.send(w.a, a, string([]byte{byte(i >> 8), byte(i)}))
		take()
	}
	w.settle(second)
	take()
	for _, n := range seen {
		distinct += min(n, 1)
		twice += max(n-1, 0)
	}
	return distinct, twice, late
}

func TestALinkDoesToDatagramsWhatItSays(t *testing.T) {
	if distinct, twice, late := arrivals(t, func(*Link) {}); distinct != 1000 || twice+late != 0 {
		t.Errorf("a good link: %d arrive, %d twice, %d late", distinct, twice, late)
	}
	if distinct, _, _ := arrivals(t, func(l *Link) { l.Loss = 0.3 }); distinct < 600 || distinct > 800 {
		t.Errorf("30%% loss: %d arrive", distinct)
	}
	if distinct, twice, _ := arrivals(t, func(l *Link) { l.Duplicate = 0.2 }); distinct != 1000 || twice < 100 || twice > 300 {
		t.Errorf("20%% duplicates: %d arrive, %d twice", distinct, twice)
	}
	if distinct, _, late := arrivals(t, func(l *Link) { l.Reorder = 0.2 }); distinct != 1000 || late < 50 {
		t.Errorf("20%% disorder: %d arrive, %d late", distinct, late)
	}
	if distinct, _, _ := arrivals(t, func(l *Link) { l.Down = true }); distinct != 0 {
		t.Errorf("a cut link: %d arrive", distinct)
	}
}

func TestAFullSocketLosesDatagrams(t *testing.T) {
	w := newWorld(t)
	a, b := w.udp(w.a, "10.0.0.1:1000"), w.udp(w.b, "10.0.0.2:2000")
	w.ok(w.b.SetSockopt(b, syscall.SOL_SOCKET, syscall.SO_RCVBUF, 2000))
	for range 20 {
		w.sendTo(w.a, a, "x", "10.0.0.2:2000")
	}
	w.settle(soon)
	n := 0
	for ; ; n++ {
		if _, e := w.b.Recvmsg(b, msg(make([]byte, 1))); e != 0 {
			break
		}
	}
	if n == 0 || n == 20 {
		t.Fatal(n)
	}
}

func TestAConnectThatIsRefusedHasBoundTheSocket(t *testing.T) {
	w := newWorld(t)
	fd := w.fd(w.a.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0))
	w.want(w.a.Connect(fd, path("@x")), syscall.EINVAL)
	w.want(w.a.Bind(fd, inet("10.0.0.1:1000")), syscall.EINVAL)
}
