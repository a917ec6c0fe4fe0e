package precon_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/precontest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// pairOf is both sides of a scripted path.
func pairOf(id string, steps int, m *precontest.Meeting, a, p precontest.Script) (precon.Arch, precon.Arch) {
	return precontest.Arch{ID: id, Steps: steps, Meeting: m, Script: a}, precontest.Arch{ID: id, Steps: steps, Meeting: m, Script: p}
}

// failing lists every way in which a path does not come up.
func failing() map[string][2]precontest.Script {
	list := map[string][2]precontest.Script{}
	for side := range 2 {
		who := [...]string{"active ", "passive "}[side]
		add := func(name string, s precontest.Script) {
			var both [2]precontest.Script
			both[side] = s
			list[who+name] = both
		}
		add("withholds", precontest.Script{Does: precontest.Withholds})
		add("refuses", precontest.Script{Does: precontest.Refuses})
		add("strays", precontest.Script{Does: precontest.Strays})
		for at := range 4 {
			add(fmt.Sprint("fails at ", at), precontest.Script{Does: precontest.Fails, At: at})
			add(fmt.Sprint("hangs at ", at), precontest.Script{Does: precontest.Hangs, At: at})
		}
		add("lets go late", precontest.Script{Does: precontest.Hangs, At: 1, Keeps: 50 * time.Millisecond})
		add("comes up behind its cancel", precontest.Script{Does: precontest.Hangs, At: 1, Keeps: 50 * time.Millisecond, Wins: true})
		add("cannot be cancelled", precontest.Script{Does: precontest.Hangs, Deaf: true, Keeps: 50 * time.Millisecond})
	}
	list["active balks"] = [2]precontest.Script{{Does: precontest.Balks}, {}}
	list["both fail"] = [2]precontest.Script{{Does: precontest.Fails, At: 1}, {Does: precontest.Fails, At: 1}}
	list["secrets differ"] = [2]precontest.Script{{Secret: []byte("one")}, {Secret: []byte("two")}}
	return list
}

// A path that does not come up, whoever is to blame and wherever it stands, is
// one rung less, and leaves nothing behind.
func TestFailingRungIsPassedOver(t *testing.T) {
	for name, s := range failing() {
		for _, beside := range []bool{false, true} {
			for place := range 3 {
				t.Run(fmt.Sprintf("%s/beside=%t/rung=%d", name, beside, place), func(t *testing.T) {
					walk(t, s, beside, place)
				})
			}
		}
	}
}

func walk(t *testing.T, s [2]precontest.Script, beside bool, place int) {
	if s[0].Does == precontest.Balks && place > 0 {
		return // only the first rung is asked for before the peer is known
	}
	if !beside && (s[0].Does == precontest.Strays || s[1].Does == precontest.Strays || s[0].Secret != nil) {
		return // there is no way to stray, and other secrets are a fault
	}
	w, ev := newWorld(t, 1)
	m := precontest.NewMeeting(nil)
	var here *precontest.Meeting
	if beside {
		here = m
	}
	var mine, theirs []precon.Arch
	add := func(a, p precon.Arch) { mine, theirs = append(mine, a), append(theirs, p) }
	for i := range place {
		add(pairOf(fmt.Sprint("before", i), i, nil, precontest.Script{Does: precontest.Fails}, precontest.Script{}))
	}
	add(pairOf("bad", 3, here, s[0], s[1]))
	add(pairOf("good", 2, m, precontest.Script{}, precontest.Script{}))
	a, p := w.meet(ev, endpoint(ev, "a", mine...), endpoint(ev, "p", theirs...), tsocket.PipeConfig{})
	if a.err != nil || p.err != nil {
		t.Fatalf("active %v\npassive %v", a.err, p.err)
	}
	for _, c := range []*precon.Conn{a.conn, p.conn} {
		if c.Plan().Path != "good" {
			t.Errorf("took\n%v", c.Plan())
		}
	}
	talk(t, ev, a.conn, p.conn)
	a.conn.Close()
	p.conn.Close()
	idle(t, ev)
}

// Both plans of a ladder of five: what each side offered, refused and why.
func TestPlanTellsWhatBecameOfEachRung(t *testing.T) {
	w, ev := newWorld(t, 1)
	mine, theirs := ladderOfFive()
	a, p := w.meet(ev, endpoint(ev, "a", mine...), endpoint(ev, "p", theirs...), tsocket.PipeConfig{})
	if a.err != nil || p.err != nil {
		t.Fatal(a.err, p.err)
	}
	line := func(arch string, pref uint8, r precon.Result, reason, text string, byPeer bool) precon.PlanLine {
		return precon.PlanLine{Arch: arch, Mine: pref, Theirs: pref, Result: r, Reason: reason, Text: text, ByPeer: byPeer}
	}
	lines := func(active bool) []precon.PlanLine {
		return []precon.PlanLine{
			line("balks", 1, precon.Refused, "refused", "balks", !active),
			line("fails", 2, precon.Refused, "failed", "failed at 1", !active),
			line("refuses", 3, precon.Refused, "refused", "refuses", active),
			line("hangs", 4, precon.Refused, "timeout", "", active),
			line("works", 5, precon.Chosen, "", "", false),
			line("spare", 6, precon.NotReached, "", "", false),
		}
	}
	samePlan(t, a.conn.Plan(), precon.Plan{Peer: "p", Active: true, Version: 1, Path: "works", Lines: append(lines(true),
		precon.PlanLine{Arch: "only", Mine: 7, Result: precon.NotOffered})})
	samePlan(t, p.conn.Plan(), precon.Plan{Peer: "a", Version: 1, Path: "works", Lines: append(lines(false),
		precon.PlanLine{Arch: "shy", Result: precon.NotOffered, Reason: "refused: withheld"})})
	a.conn.Close()
	p.conn.Close()
	idle(t, ev)
}

func ladderOfFive() (mine, theirs []precon.Arch) {
	m := precontest.NewMeeting(nil)
	add := func(a, p precon.Arch) { mine, theirs = append(mine, a), append(theirs, p) }
	s := func(d precontest.Does, at int) precontest.Script { return precontest.Script{Does: d, At: at} }
	works := precontest.Script{}
	add(pairOf("balks", 1, m, s(precontest.Balks, 0), works))
	add(pairOf("fails", 2, m, s(precontest.Fails, 1), works))
	add(pairOf("refuses", 1, nil, works, s(precontest.Refuses, 0)))
	// The active half waits a little less long than the passive one.
	add(pairOf("hangs", 1, nil, precontest.Script{Pause: time.Millisecond}, s(precontest.Hangs, 1)))
	add(pairOf("works", 7, m, works, works))
	add(pairOf("spare", 0, nil, works, works))
	mine = append(mine, precontest.Arch{ID: "only"})
	theirs = append(theirs, precontest.Arch{ID: "shy", Script: s(precontest.Withholds, 0)})
	return mine, theirs
}

// The best first choice of one side is no rung, or not the first one.
func TestOtherFirstChoiceCostsNoRung(t *testing.T) {
	x, y, z := precontest.Arch{ID: "x"}, precontest.Arch{ID: "y"}, precontest.Arch{ID: "z"}
	for _, c := range []struct {
		mine, theirs []precon.Arch
		path         string
	}{
		{[]precon.Arch{x, y}, []precon.Arch{y}, "y"},
		{[]precon.Arch{x, y, z}, []precon.Arch{z, y}, "y"},
		{[]precon.Arch{x, y, z}, []precon.Arch{y, z, x}, "y"},
		{[]precon.Arch{x, y}, []precon.Arch{y, x}, "x"},
	} {
		w, ev := newWorld(t, 1)
		a, p := w.meet(ev, endpoint(ev, "a", c.mine...), endpoint(ev, "p", c.theirs...), tsocket.PipeConfig{})
		if a.err != nil || p.err != nil || a.conn.Plan().Path != c.path || p.conn.Plan().Path != c.path {
			t.Fatalf("%+v %+v, want %s", a, p, c.path)
		}
		talk(t, ev, a.conn, p.conn)
		a.conn.Close()
		p.conn.Close()
		idle(t, ev)
	}
}

func TestNoRungLeftIsToldToBothWithWhatWasTried(t *testing.T) {
	w, ev := newWorld(t, 1)
	mine, theirs := []precon.Arch{precontest.Arch{ID: "x"}}, []precon.Arch{precontest.Arch{ID: "y"}}
	f := precontest.Script{Does: precontest.Fails}
	x, y := pairOf("z", 0, nil, precontest.Script{}, f)
	a, p := w.meet(ev, endpoint(ev, "a", append(mine, x)...), endpoint(ev, "p", append(theirs, y)...), tsocket.PipeConfig{})
	for _, o := range []*outcome{a, p} {
		want(t, o.err, precon.ErrNoCommonPath)
		var e *precon.Error
		if !errors.As(o.err, &e) || len(e.Plan.Lines) < 2 || e.Plan.Lines[0].Arch != "z" || e.Plan.Lines[0].Result != precon.Refused {
			t.Errorf("%v", o.err)
		}
	}
	idle(t, ev)
}

func TestPolicyIsAFloorForBothSides(t *testing.T) {
	clear, safe := precontest.Arch{ID: "clear"}, precontest.Arch{ID: "safe", Strength: precon.Confidential}
	all := []precon.Arch{clear, safe}
	for _, c := range []struct {
		mine, theirs precon.Strength
		archs        []precon.Arch
		path         string
	}{
		{precon.Clear, precon.Clear, all, "clear"},
		{precon.Confidential, precon.Clear, all, "safe"},
		{precon.Clear, precon.Authenticated, all, "safe"},
		{precon.Clear, precon.Authenticated, all[:1], ""},
		{precon.Authenticated, precon.Clear, all[:1], ""},
	} {
		w, ev := newWorld(t, 1)
		a := precon.NewEndpoint(ev, precon.Config{Archs: c.archs, Policy: precon.Policy{Floor: c.mine}})
		p := precon.NewEndpoint(ev, precon.Config{Archs: c.archs, Policy: precon.Policy{Floor: c.theirs}})
		x, y := w.meet(ev, a, p, tsocket.PipeConfig{})
		for _, o := range []*outcome{x, y} {
			if c.path == "" {
				want(t, o.err, precon.ErrNoCommonPath)
			} else if o.err != nil || o.conn.Plan().Path != c.path {
				t.Errorf("%+v, want %s", o, c.path)
			} else {
				o.conn.Close()
			}
		}
		idle(t, ev)
	}
}
