package precon_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/arch/tcp"
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/precon/precontest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// rawListener listens without negotiating.
func rawListener(t testing.TB, ev *tevent.Context, addr string) *tsocket.Listener {
	t.Helper()
	l, err := tsocket.Listen(ev, address(t, addr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// read takes one frame.
func read(t testing.TB, ev *tevent.Context, s *tsocket.Stream) (wire.Type, []byte) {
	t.Helper()
	var head [wire.HeaderLen]byte
	wait(t, ev, s.Readv(head[:]))
	h, err := wire.ParseHeader(head, wire.MaxPayload)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, h.Len)
	wait(t, ev, s.Readv(b))
	return h.Type, b
}

// greeting reads a dial's first flight.
func greeting(t testing.TB, ev *tevent.Context, s *tsocket.Stream) wire.ConInfo {
	t.Helper()
	if typ, _ := read(t, ev, s); typ != wire.TypeVersion {
		t.Error(typ)
	}
	typ, b := read(t, ev, s)
	info, err := wire.DecodeConInfo(b)
	if err != nil {
		t.Fatal(typ, err)
	}
	if typ, _ := read(t, ev, s); typ != wire.TypeReq {
		t.Error(typ)
	}
	return info
}

func TestRefusedPortIsTriedAgainAndThenAnError(t *testing.T) {
	ev := real(t)
	l := rawListener(t, ev, "127.0.0.1:0")
	l.Close()
	before := ev.Now()
	err := waitErr(t, ev, precon.NewEndpoint(ev, precon.Config{Archs: plain, Tries: 3}).Dial(l.Addr()))
	want(t, err, syscall.ECONNREFUSED)
	if took := ev.Now().Sub(before); took < 75*time.Millisecond { // the least two pauses
		t.Errorf("gave up after %v", took)
	}
}

// A bootstrap that is lost before the peer gave a verdict is opened again, for
// the same connection with another nonce.
func TestLossBeforeAVerdictIsTriedAgainAsTheSameConnection(t *testing.T) {
	ev := real(t)
	l := rawListener(t, ev, "127.0.0.1:0")
	d := endpoint(ev, "client").Dial(l.Addr())
	var infos []wire.ConInfo
	for range 2 {
		s := wait(t, ev, l.Accept())
		infos = append(infos, greeting(t, ev, s))
		s.Close()
	}
	s := wait(t, ev, l.Accept())
	p := endpoint(ev, "server").Negotiate(s, false)
	a, b := wait(t, ev, d), wait(t, ev, p)
	talk(t, ev, a, b)
	a.Close()
	b.Close()
	if infos[0].Conn != infos[1].Conn || infos[0].Endpoint != infos[1].Endpoint || infos[0].Nonce == infos[1].Nonce {
		t.Errorf("%+v\n%+v", infos[0], infos[1])
	}
}

func TestTriesAreCounted(t *testing.T) {
	ev := real(t)
	l := rawListener(t, ev, "127.0.0.1:0")
	d := precon.NewEndpoint(ev, precon.Config{Archs: plain, Tries: 2}).Dial(l.Addr())
	o := follow(d, timeless)
	for range 2 {
		s := wait(t, ev, l.Accept())
		greeting(t, ev, s)
		s.Close()
	}
	turn(t, ev, o.ended)
	want(t, o.err, precon.ErrPeerClosed)
	typed(t, o.err)
}

// Once the peer has given a verdict a new bootstrap would repeat it.
func TestLossBehindAVerdictIsFinal(t *testing.T) {
	ev := real(t)
	l := rawListener(t, ev, "127.0.0.1:0")
	o := follow(endpoint(ev, "client", precontest.Arch{ID: "x"}, tcp.Arch{}).Dial(l.Addr()), timeless)
	s := wait(t, ev, l.Accept())
	info := greeting(t, ev, s)
	info.Role, info.Nonce, info.Endpoint = wire.Passive, wire.ID{1}, wire.ID{2}
	s.Send(wire.Hello{Range: wire.Spoken, Role: wire.Passive}.Frame().Bytes()).Ignore()
	s.Send(info.Frame().Bytes()).Ignore()
	wait(t, ev, s.Send(wire.Next{Attempt: 1, Reason: wire.Failed}.Frame().Bytes()))
	for typ := wire.TypeNext; typ != wire.TypeReq; typ, _ = read(t, ev, s) {
	}
	s.Close()
	turn(t, ev, o.ended)
	want(t, o.err, precon.ErrPeerClosed)
	again := l.Accept()
	idleBut(t, ev, 100)
	if !again.InProgress() {
		t.Error("dialled again")
	}
	again.Drop()
}

// idleBut runs some turns that do not wait.
func idleBut(t testing.TB, ev *tevent.Context, turns int) {
	t.Helper()
	defer ev.SetWaitTimeout(ev.SetWaitTimeout(0))
	for range turns {
		if err := ev.LoopOnce(); err != nil {
			t.Fatal(err)
		}
	}
}

// The passive side drops what it holds when the peer comes again.
func TestPassiveSideDropsTheOlderBootstrap(t *testing.T) {
	w, ev := newWorld(t, 1)
	e := endpoint(ev, "p")
	info := wire.ConInfo{Endpoint: wire.ID{1}, Conn: wire.ID{2}, Nonce: wire.ID{3}, Role: wire.Active, Services: wire.Stream}
	var outs []*outcome
	var peers []*tsocket.Stream
	for i := range 2 {
		x, y := tsocket.Pipe(ev, tsocket.PipeConfig{})
		outs, peers = append(outs, w.watch(e.Negotiate(x, false))), append(peers, y)
		info.Nonce = wire.ID{byte(i + 3)}
		y.Send(wire.Hello{Range: wire.Spoken, Role: wire.Active}.Frame().Bytes()).Ignore()
		y.Send(info.Frame().Bytes()).Ignore()
		typ, _ := read(t, ev, y)
		other, _ := read(t, ev, y)
		if typ != wire.TypeVersion || other != wire.TypeConInfo {
			t.Error(typ, other)
		}
	}
	turn(t, ev, outs[0].ended)
	want(t, outs[0].err, context.Canceled)
	typ, b := read(t, ev, peers[0])
	if f, err := wire.DecodeFail(b); typ != wire.TypeFail || err != nil || f.Reason != wire.Cancelled {
		t.Error(typ, f, err)
	}
	if outs[1].ended() {
		t.Error("the newer one ended as well:", outs[1].err)
	}
	for _, p := range peers {
		p.Close()
	}
	turn(t, ev, outs[1].ended)
	idle(t, ev)
}

// The dial that withdraws tells its peer, who is a program of its own.
func TestCancelledDialTellsThePeer(t *testing.T) {
	for name, addr := range places(t) {
		t.Run(name, func(t *testing.T) {
			ev := real(t)
			l := rawListener(t, ev, addr)
			to := l.Addr()
			if to.AddrPort().Addr().IsUnspecified() {
				return
			}
			d := endpoint(ev, "client").Dial(to)
			o := follow(d, timeless)
			s := wait(t, ev, l.Accept())
			greeting(t, ev, s)
			if !d.Cancel() {
				t.Error("cannot be cancelled")
			}
			turn(t, ev, o.ended)
			want(t, o.err, context.Canceled)
			typ, b := read(t, ev, s)
			if f, err := wire.DecodeFail(b); typ != wire.TypeFail || err != nil || f.Reason != wire.Cancelled {
				t.Error(typ, f, err)
			}
			if rest := drained(t, ev, s); len(rest) > 0 {
				t.Errorf("%q behind FAIL", rest)
			}
			s.Close()
			idle(t, ev)
		})
	}
}

func TestDialEndsAtItsDeadlineInEveryPhase(t *testing.T) {
	ev := real(t)
	l := rawListener(t, ev, "127.0.0.1:0")
	for _, cfg := range []precon.Config{{Archs: plain, Timeout: 20 * time.Millisecond}, {Archs: plain}} {
		d := precon.NewEndpoint(ev, cfg).Dial(l.Addr())
		if cfg.Timeout == 0 {
			d.SetTimeout(20 * time.Millisecond)
		}
		err := waitErr(t, ev, d)
		want(t, err, tevent.ErrDeadline)
		want(t, err, os.ErrDeadlineExceeded)
		var e interface{ Timeout() bool }
		if !errors.As(err, &e) || !e.Timeout() {
			t.Errorf("%T is no time-out", err)
		}
	}
	for range 2 {
		s := wait(t, ev, l.Accept())
		greeting(t, ev, s)
		typ, b := read(t, ev, s)
		if f, err := wire.DecodeFail(b); typ != wire.TypeFail || err != nil || f.Reason != wire.Timeout {
			t.Error(typ, f, err)
		}
		s.Close()
	}
	idle(t, ev)
}

func TestDialThatWaitsToTryAgainCanBeCancelled(t *testing.T) {
	ev := real(t)
	l := rawListener(t, ev, "127.0.0.1:0")
	l.Close()
	d := precon.NewEndpoint(ev, precon.Config{Archs: plain, Tries: 1000}).Dial(l.Addr())
	o := follow(d, timeless)
	idleBut(t, ev, 5)
	d.Cancel()
	turn(t, ev, o.ended)
	want(t, o.err, context.Canceled)
	idle(t, ev)
}

func TestBadConfigIsTheDialsError(t *testing.T) {
	ev := real(t)
	l := rawListener(t, ev, "127.0.0.1:0")
	long := string(bytes.Repeat([]byte("x"), 300))
	if err := waitErr(t, ev, precon.NewEndpoint(ev, precon.Config{Name: long, Archs: plain}).Dial(l.Addr())); err == nil {
		t.Error(err)
	}
	waitErr(t, ev, endpoint(ev, "client").Dial(tsocket.Address{}))
	idle(t, ev)
}
