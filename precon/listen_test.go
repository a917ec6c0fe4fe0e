package precon_test

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// halfOpen is how many negotiations an endpoint runs at once.
const halfOpen = 1024

// At the bound new bootstraps wait in the kernel, at every listener of the
// endpoint; each one that ends makes room.
func TestHalfOpenNegotiationsAreBounded(t *testing.T) {
	ev := real(t)
	server := endpoint(ev, "server")
	dir := t.TempDir()
	full := listen(t, server, "unix:"+filepath.Join(dir, "full"))
	other := listen(t, server, "unix:"+filepath.Join(dir, "other"))
	accFull, accOther := full.Accept(), other.Accept()
	var silent []*tsocket.Stream
	for range halfOpen {
		silent = append(silent, wait(t, ev, tsocket.Connect(ev, full.Addr())))
	}
	idleBut(t, ev, 200)
	client := endpoint(ev, "client")
	one, two := follow(client.Dial(full.Addr()), timeless), follow(client.Dial(other.Addr()), timeless)
	b := follow(accOther, timeless)
	idleBut(t, ev, 200)
	if one.ended() || two.ended() || b.ended() {
		t.Error("more than the bound:", one.ended(), two.ended(), b.ended())
	}
	silent[0].Close()
	silent[1].Close()
	turn(t, ev, func() bool { return one.ended() && two.ended() && b.ended() })
	a := wait(t, ev, accFull)
	for _, c := range []*precon.Conn{one.conn, two.conn, a, b.conn} {
		c.Close()
	}
	for _, s := range silent {
		s.Close()
	}
	idle(t, ev)
}

// Without an Accept bootstraps wait in the kernel; what was negotiated beyond one
// is handed out in order.
func TestNothingIsTakenWithoutAnAccept(t *testing.T) {
	ev := real(t)
	l := listen(t, endpoint(ev, "server"), "127.0.0.1:0")
	client := endpoint(ev, "client")
	var dials []*outcome
	for range 3 {
		dials = append(dials, follow(client.Dial(l.Addr()), timeless))
	}
	idleBut(t, ev, 50)
	for _, d := range dials {
		if d.ended() {
			t.Fatalf("%+v without an Accept", d)
		}
	}
	for range dials {
		wait(t, ev, l.Accept()).Close()
	}
	turn(t, ev, func() bool { return dials[0].ended() && dials[1].ended() && dials[2].ended() })
	for _, d := range dials {
		if d.err != nil {
			t.Error(d.err) // no bootstrap was taken and thrown away
			continue
		}
		d.conn.Close()
	}
	idle(t, ev)
}

// Many dials and accepts that come and go: nobody is lost.
func TestEveryDialIsAcceptedOnce(t *testing.T) {
	ev := real(t)
	l := listen(t, endpoint(ev, "server"), "127.0.0.1:0")
	client := precon.NewEndpoint(ev, precon.Config{Name: "client", Archs: plain, Tries: 1})
	var dials []*outcome
	for range 200 {
		dials = append(dials, follow(client.Dial(l.Addr()), timeless))
	}
	for range dials {
		wait(t, ev, l.Accept()).Close()
	}
	for _, d := range dials {
		turn(t, ev, d.ended)
		if d.err != nil {
			t.Fatal(d.err)
		}
		d.conn.Close()
	}
	idle(t, ev)
}

func TestAcceptIsOneAtATimeAndCanBeCancelled(t *testing.T) {
	ev := real(t)
	l := listen(t, endpoint(ev, "server"), "127.0.0.1:0")
	first := l.Accept()
	want(t, waitErr(t, ev, l.Accept()), syscall.EBUSY)
	if !first.Cancel() {
		t.Error("cannot be cancelled")
	}
	want(t, waitErr(t, ev, first), context.Canceled)
	want(t, waitErr(t, ev, l.Accept().SetTimeout(time.Millisecond)), tevent.ErrDeadline)
	a, b := connect(t, ev, endpoint(ev, "client"), l, l.Addr())
	talk(t, ev, a, b)
	l.Accept().Drop()
	idle(t, ev)
}

func TestListenerCloseEndsWhatHasNoUser(t *testing.T) {
	ev := real(t)
	l := listen(t, endpoint(ev, "server"), "127.0.0.1:0")
	l.OnFail(func(err error) { t.Error("told after Close:", err) })
	client := endpoint(ev, "client")
	one, two := follow(client.Dial(l.Addr()), timeless), follow(client.Dial(l.Addr()), timeless)
	half := wait(t, ev, tsocket.Connect(ev, l.Addr()))
	half.Send(wire.Hello{Range: wire.Spoken, Role: wire.Active}.Frame().Bytes()).Ignore()
	taken := wait(t, ev, l.Accept())
	acc := l.Accept() // the second dial's is closed with the listener, or was taken by this
	if typ, _ := read(t, ev, half); typ != wire.TypeVersion {
		t.Error(typ)
	}
	turn(t, ev, func() bool { return one.ended() && two.ended() })
	second, err := tevent.Wait(ev, acc)
	if err != nil {
		t.Fatal(err)
	}
	last := l.Accept()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	want(t, waitErr(t, ev, last), errClosed)
	want(t, waitErr(t, ev, l.Accept()), errClosed)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	typ, b := read(t, ev, half)
	if f, err := wire.DecodeFail(b); typ != wire.TypeFail || err != nil || f.Reason != wire.Cancelled {
		t.Error(typ, f, err)
	}
	half.Close()
	talk(t, ev, pick(one, two, taken), taken)
	for _, c := range []*precon.Conn{one.conn, two.conn, taken, second} {
		c.Close()
	}
	want(t, waitErr(t, ev, precon.NewEndpoint(ev, precon.Config{Archs: plain, Tries: 1}).Dial(l.Addr())), syscall.ECONNREFUSED)
	idle(t, ev)
}

// pick is the one of two dials whose other end c is.
func pick(a, b *outcome, c *precon.Conn) *precon.Conn {
	if a.conn.Stream().LocalAddr() == c.Stream().RemoteAddr() {
		return a.conn
	}
	return b.conn
}

func TestConnectionsNobodyAcceptedAreClosedWithTheListener(t *testing.T) {
	ev := real(t)
	e := endpoint(ev, "both")
	l := listen(t, e, "127.0.0.1:0")
	c := wait(t, ev, e.Dial(l.Addr()))
	l.Close()
	waitErr(t, ev, c.Stream().Readv(make([]byte, 1)))
	c.Close()
	idle(t, ev)
}

// Closing the context in any phase, and the listener behind it, leaves nothing.
func TestListenerClosedBehindItsContext(t *testing.T) {
	mine, theirs := scripted(true)
	for n := range 40 {
		inRound(t, func(t testing.TB) { closedBehind(t, n, mine, theirs) })
	}
}

func closedBehind(t testing.TB, turns int, mine, theirs []precon.Arch) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	l, err := endpoint(ev, "server", theirs...).Listen(address(t, "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	acc := l.Accept()
	d := endpoint(ev, "client", mine...).Dial(l.Addr())
	idleBut(t, ev, turns)
	ev.Close()
	for _, r := range []tevent.Req[*precon.Conn]{acc, d} {
		if c, err := r.Result(); err == nil {
			c.Close()
		}
	}
	l.Close()
}

func TestHTTPClientIsClosedAndReported(t *testing.T) {
	ev := real(t)
	l := listen(t, endpoint(ev, "server"), "127.0.0.1:0")
	failed := failures(l)
	acc := l.Accept()
	s := wait(t, ev, tsocket.Connect(ev, l.Addr()))
	wait(t, ev, s.Send([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")))
	waitErr(t, ev, s.Readv(make([]byte, 1)))
	want(t, failed.next(t, ev), precon.ErrStranger)
	s.Close()
	acc.Drop()
	idle(t, ev)
}

func TestTLSClientIsToldAndReported(t *testing.T) {
	ev := real(t)
	l := listen(t, endpoint(ev, "server"), "127.0.0.1:0")
	failed := failures(l)
	acc := l.Accept()
	s := wait(t, ev, tsocket.Connect(ev, l.Addr()))
	wait(t, ev, s.Send(append([]byte{22, 3, 1, 2, 0, 1, 0, 1, 252}, make([]byte, 508)...)))
	if got := drained(t, ev, s); len(got) != 7 || got[0] != 21 || got[6] != 40 {
		t.Errorf("answered %v", got)
	}
	s.Close()
	want(t, failed.next(t, ev), precon.ErrStranger)
	acc.Drop()
	idle(t, ev)
}
