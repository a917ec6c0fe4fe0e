package precon_test

import (
	"net/netip"
	"path/filepath"
	"testing"

	"github.com/tsocket-go/tsocket/arch/tcp"
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// places are where an endpoint listens.
func places(t testing.TB) map[string]string {
	return map[string]string{
		"tcp": "127.0.0.1:0", "tcp6": "[::1]:0", "wildcard": ":0",
		"unix": "unix:" + filepath.Join(t.TempDir(), "s"),
	}
}

// reach is the address under which a client on this host reaches l.
func reach(l *precon.Listener) tsocket.Address {
	ap := l.Addr().AddrPort()
	if !l.Addr().IsUnix() && ap.Addr().IsUnspecified() {
		return tsocket.Inet(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), ap.Port()))
	}
	return l.Addr()
}

// connect dials l from e and accepts.
func connect(t testing.TB, ev *tevent.Context, e *precon.Endpoint, l *precon.Listener, addr tsocket.Address) (a, b *precon.Conn) {
	t.Helper()
	d, acc := e.Dial(addr), l.Accept()
	a = wait(t, ev, d)
	b = wait(t, ev, acc)
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

func TestTwoEndpointsMeetOnEveryBootstrap(t *testing.T) {
	for name, addr := range places(t) {
		t.Run(name, func(t *testing.T) {
			ev := real(t)
			client, server := endpoint(ev, "client"), endpoint(ev, "server")
			l := listen(t, server, addr)
			a, b := connect(t, ev, client, l, reach(l))
			talk(t, ev, a, b)
			samePlan(t, a.Plan(), planOf("server", true))
			samePlan(t, b.Plan(), planOf("client", false))
		})
	}
}

// planOf is the golden plan of a connection between two endpoints with plain archs.
func planOf(peer string, active bool) precon.Plan {
	return precon.Plan{Peer: peer, Active: active, Version: 1, Path: "tcp", Lines: []precon.PlanLine{
		{Arch: "tcp", Mine: 2, Theirs: 2, Result: precon.Chosen},
		{Arch: "self", Result: precon.NotOffered, Reason: `refused: the peer is another endpoint`},
	}}
}

// samePlan compares all but the time.
func samePlan(t testing.TB, got, want precon.Plan) {
	t.Helper()
	if got.Took < 0 {
		t.Errorf("took %v", got.Took)
	}
	g, w := got, want
	g.Lines, w.Lines = nil, nil
	if g.Peer != w.Peer || g.Active != w.Active || g.Version != w.Version || g.Path != w.Path || got.String() != want.String() {
		t.Errorf("plan %+v\n%swant %+v\n%s", g, got, w, want)
	}
	for i := range min(len(got.Lines), len(want.Lines)) {
		if got.Lines[i] != want.Lines[i] {
			t.Errorf("line %+v\nwant %+v", got.Lines[i], want.Lines[i])
		}
	}
}

var selfPlan = precon.Plan{Peer: "both", Active: true, Path: "self",
	Lines: []precon.PlanLine{{Arch: "self", Mine: 1, Theirs: 1, Result: precon.Chosen}}}

func TestEndpointReachesItself(t *testing.T) {
	for name, c := range map[string]struct{ listen, host string }{
		"by its exact address":                    {"127.0.0.1:0", "127.0.0.1"},
		"by loopback of a wildcard listener":      {":0", "127.0.0.1"},
		"by loopback of an IPv4 wildcard":         {"0.0.0.0:0", "127.0.0.1"},
		"by IPv6 loopback of a wildcard listener": {":0", "::1"},
		"by its own id behind another address":    {":0", "127.0.0.2"},
		"by its own id behind a mapped address":   {"0.0.0.0:0", "0.0.0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			ev := real(t)
			e := endpoint(ev, "both")
			l := listen(t, e, c.listen)
			a, b := connect(t, ev, e, l, tsocket.Inet(netip.AddrPortFrom(netip.MustParseAddr(c.host), l.Addr().AddrPort().Port())))
			talk(t, ev, a, b)
			plan := selfPlan
			samePlan(t, a.Plan(), plan)
			plan.Active = false
			samePlan(t, b.Plan(), plan)
		})
	}
}

// The wire leads to ourselves, but the name of the socket does not tell.
func TestOwnIdIsFoundBehindAnotherName(t *testing.T) {
	ev := real(t)
	e := endpoint(ev, "both")
	dir := t.TempDir()
	l := listen(t, e, "unix:"+filepath.Join(dir, "s"))
	a, b := connect(t, ev, e, l, address(t, "unix:"+dir+"//s"))
	talk(t, ev, a, b)
	samePlan(t, a.Plan(), selfPlan)
	if b.Plan().Path != "self" {
		t.Error(b.Plan())
	}
	idle(t, ev)
}

// Another endpoint of the process is another peer, also at the same listener.
func TestTwoEndpointsOfOneProcessAreTwoPeers(t *testing.T) {
	ev := real(t)
	one, two := endpoint(ev, "both"), endpoint(ev, "both")
	l := listen(t, one, "127.0.0.1:0")
	a, b := connect(t, ev, two, l, l.Addr())
	if a.Plan().Path != "tcp" || b.Plan().Path != "tcp" {
		t.Error(a.Plan(), b.Plan())
	}
}

func TestIPv4WildcardDoesNotServeIPv6Loopback(t *testing.T) {
	ev := real(t)
	e := precon.NewEndpoint(ev, precon.Config{Archs: plain, Tries: 1})
	l := listen(t, e, "0.0.0.0:0")
	err := waitErr(t, ev, e.Dial(tsocket.Inet(netip.AddrPortFrom(netip.IPv6Loopback(), l.Addr().AddrPort().Port()))))
	if err == nil {
		t.Error("served")
	}
}

func TestWithoutLooperTheOwnIdIsAnError(t *testing.T) {
	ev := real(t)
	e := precon.NewEndpoint(ev, precon.Config{Archs: []precon.Arch{tcp.Arch{}}})
	l := listen(t, e, "127.0.0.1:0")
	failed := failures(l)
	acc := l.Accept()
	want(t, waitErr(t, ev, e.Dial(l.Addr())), precon.ErrSameID)
	want(t, failed.next(t, ev), precon.ErrSameID)
	acc.Drop()
	idle(t, ev)
}

func TestNegotiatesOnAConnectionMadeElsewhere(t *testing.T) {
	ev := real(t)
	x, y, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	ra, rb := endpoint(ev, "a").Negotiate(x, true), endpoint(ev, "b").Negotiate(y, false)
	a, b := wait(t, ev, ra), wait(t, ev, rb)
	defer a.Close()
	defer b.Close()
	talk(t, ev, a, b)
	if p := a.Plan(); p.Peer != "b" || p.Path != "tcp" || !p.Active {
		t.Error(p)
	}
}

// failed collects what OnFail is told.
type failed struct{ errs []error }

func failures(l *precon.Listener) *failed {
	f := &failed{}
	l.OnFail(func(err error) { f.errs = append(f.errs, err) })
	return f
}

// next waits for one more.
func (f *failed) next(t testing.TB, ev *tevent.Context) error {
	t.Helper()
	turn(t, ev, func() bool { return len(f.errs) > 0 })
	err := f.errs[0]
	f.errs = f.errs[1:]
	typed(t, err)
	return err
}
