package machine

import (
	"errors"
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

func TestBothReportTheHighestCommonVersion(t *testing.T) {
	a, p := config(wire.Active, "one"), config(wire.Passive, "one")
	a.Versions, p.Versions = wire.Range{Lo: 1, Hi: 5}, wire.Range{Lo: 3, Hi: 9}
	w := meetUp(t, a, p)
	w.run()
	for i := range w.ends {
		if m := w.ends[i].m; m.State() != Up || m.Version() != 5 {
			t.Errorf("%v: %v, version %d", m.mine.Role, m.State(), m.Version())
		}
	}
}

func TestNoCommonVersionTellsBothRangesOnBothSides(t *testing.T) {
	a, p := config(wire.Active, "one"), config(wire.Passive, "one")
	a.Versions, p.Versions = wire.Range{Lo: 1, Hi: 2}, wire.Range{Lo: 3, Hi: 4}
	w := meetUp(t, a, p)
	w.run()
	for i, c := range []Config{a, p} {
		f, other := w.ends[i].m.Fault(), []Config{p, a}[i]
		if !w.ends[i].told || f.Reason != wire.Version || f.Mine != c.Versions || f.Peer != other.Versions {
			t.Errorf("%v: %+v", c.Mine.Role, f)
		}
	}
}

// TestReflectionIsRefusedInSilence gives a machine its own frames.
func TestReflectionIsRefusedInSilence(t *testing.T) {
	m := newMachine(t, config(wire.Active, "one"))
	first := m.Start()[0].(Send).Frame
	for _, a := range m.Frame(first.Type, first.Payload) {
		if _, sends := a.(Send); sends {
			t.Errorf("a reflection was answered: %v", a)
		}
	}
	if m.State() != Down || m.Fault().Kind != Mirror {
		t.Errorf("%v: %v", m.State(), m.Fault())
	}
}

func TestOwnDialIsServedByLoop(t *testing.T) {
	a, p := config(wire.Active, "one"), config(wire.Passive, "one")
	p.Mine.Endpoint = a.Mine.Endpoint
	var looped wire.ID
	p.OwnDial = func(c wire.ID) bool { return c == a.Mine.Conn }
	w := meetUp(t, a, p)
	w.deliver(1)
	it := w.ends[1].inbox[0]
	for _, act := range w.ends[1].m.Frame(it.frame.Type, it.frame.Payload) {
		if l, ok := act.(Loop); ok {
			looped = l.Conn
		}
	}
	if m := w.ends[1].m; looped != a.Mine.Conn || m.State() != Down || m.Fault() != nil {
		t.Errorf("loop to %x, %v, %v", looped, m.State(), m.Fault())
	}
}

func TestOwnIdOfAnUnknownDialIsRefused(t *testing.T) {
	a, p := config(wire.Active, "one"), config(wire.Passive, "one")
	p.Mine.Endpoint = a.Mine.Endpoint
	w := meetUp(t, a, p)
	w.run()
	for i := range w.ends {
		if f := w.ends[i].m.Fault(); f == nil || f.Reason != wire.SameID {
			t.Errorf("%v", f)
		}
	}
}

func TestAdmitRefusesBeforeThePassiveSideTellsWhoItIs(t *testing.T) {
	p := config(wire.Passive, "one")
	p.Admit = func(peer *wire.ConInfo) *wire.Refusal { return &wire.Refusal{Text: "not " + peer.Name} }
	w := meetUp(t, config(wire.Active, "one"), p)
	w.run()
	f := w.ends[0].m.Fault()
	if f == nil || f.Kind != Theirs || f.Reason != wire.Policy || f.Text != "not active" || w.ends[0].m.Peer() != nil {
		t.Errorf("fault %v, peer %v", f, w.ends[0].m.Peer())
	}
}

func TestPassiveSideRepeatsTheConnectionId(t *testing.T) {
	w := meetUp(t, config(wire.Active, "one"), config(wire.Passive, "one"))
	w.ends[1].m.mine.Conn = wire.ID{77}
	w.run()
	if got := w.ends[0].m.Peer().Conn; got != w.ends[0].m.mine.Conn {
		t.Errorf("connection id %x came back as %x", w.ends[0].m.mine.Conn, got)
	}
}

func TestAnswerForAnotherConnectionIsAnError(t *testing.T) {
	m := stages[1].end(t).m
	other := info(wire.Passive, "one")
	other.Conn = wire.ID{1, 2, 3}
	f := other.Frame()
	m.Frame(f.Type, f.Payload)
	if f := m.Fault(); f == nil || f.Kind != Ours || f.Reason != wire.Protocol {
		t.Errorf("%v: %v", m.State(), f)
	}
}

func TestLossIsToldWithWhatTheSystemSaid(t *testing.T) {
	reset := errors.New("connection reset")
	m := newMachine(t, config(wire.Active, "one"))
	m.Start()
	m.Event(ReadError{reset})
	if f := m.Fault(); f.Kind != Lost || !errors.Is(f, reset) || f.Heard {
		t.Errorf("%+v", f)
	}
}

func TestNewRefusesWhatCannotBeEncoded(t *testing.T) {
	for _, bad := range []Config{
		{Mine: info(wire.Active)},
		{Mine: info(3), Init: config(wire.Active).Init},
		{Mine: info(wire.Active, "a b"), Init: config(wire.Active).Init},
		{Mine: info(wire.Active), Init: config(wire.Active).Init, Versions: wire.Range{Lo: 2, Hi: 1}},
	} {
		if m, err := New(bad); err == nil {
			t.Errorf("New(%+v) = %v", bad, m)
		}
	}
}
