package machine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// offers returns n arch names, best first.
func offers(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("arch%02d", i))
	}
	return list
}

// TestLongestLadderStaysWithinTheFrameLimit fails sixteen rungs on both sides,
// each after as many STEPs as the machine lets out.
func TestLongestLadderStaysWithinTheFrameLimit(t *testing.T) {
	names, steps := offers(wire.MaxOffers), [2]int{}
	w := meetUp(t, config(wire.Active, names...), config(wire.Passive, names...))
	for w.pump(); !w.ends[0].told; w.pump() {
		for i := range w.ends {
			e := &w.ends[i]
			if e.half != running {
				continue
			}
			acts, err := e.m.SendStep(e.m.try.n, nil)
			for ; err == nil; acts, err = e.m.SendStep(e.m.try.n, nil) {
				steps[i]++
				w.carry(i, acts)
			}
			if !errors.Is(err, ErrStepLimit) {
				t.Fatal(err)
			}
			w.event(i, HalfFailed{Attempt: e.m.try.n})
		}
		for i := range w.ends {
			if w.ends[i].half == releasing {
				w.event(i, HalfReleased{w.ends[i].m.try.n})
			}
		}
	}
	for i := range w.ends {
		m := w.ends[i].m
		if f := m.Fault(); f.Reason != wire.NoPath || len(f.Tried) != wire.MaxOffers || m.sent.n > wire.MaxFrames+1 || steps[i] < 20 {
			t.Errorf("%v: %v, %d tried, %d frames, %d STEPs", m.mine.Role, f, len(f.Tried), m.sent.n, steps[i])
		}
	}
}

func TestNoPathTellsBothSidesTheSameList(t *testing.T) {
	a, p := config(wire.Active, archs...), config(wire.Passive, archs...)
	a.Init = func(arch string, _ *wire.ConInfo) error {
		if arch == "two" {
			return errors.New("no memory")
		}
		return nil
	}
	w := meetUp(t, a, p)
	w.play("~ a- a. ~ p. ~ p- a+ ~ a. p. ~")
	var want []string
	for _, r := range w.ends[0].m.Fault().Tried {
		want = append(want, fmt.Sprint(r))
	}
	if got := strings.Join(want, " "); got != "{one failed } {two refused no memory} {three failed }" {
		t.Errorf("tried %s", got)
	}
	if !slices.Equal(w.ends[0].m.Fault().Tried, w.ends[1].m.Fault().Tried) || w.ends[1].m.Fault().Kind != Theirs {
		t.Errorf("active %+v, passive %+v", w.ends[0].m.Fault(), w.ends[1].m.Fault())
	}
}

// TestOwnRefusalTakesNoAttempt looks at the REQs behind a rung that Init refused.
func TestOwnRefusalTakesNoAttempt(t *testing.T) {
	a := config(wire.Active, archs...)
	a.Init = func(arch string, _ *wire.ConInfo) error {
		if arch != "three" {
			return errors.New("not " + arch)
		}
		return nil
	}
	acts := newMachine(t, a).Start()
	req, err := wire.DecodeReq(acts[2].(Send).Frame.Payload)
	if err != nil || req.Attempt != 1 || req.Arch != "three" || len(req.Refused) != 2 || req.Refused[1].Text != "not two" {
		t.Errorf("%+v, %v", req, err)
	}
	w := meetUp(t, a, config(wire.Passive, archs...))
	w.run()
	if m := w.ends[1].m; m.State() != Up || m.try.rung.Arch != "three" || len(m.Trials()) != 2 || !m.Trials()[0].Peer {
		t.Errorf("passive: %v, %v", m.State(), m.Trials())
	}
}

// TestInitRefusalWithTheWholePairIsNext covers the passive side at REQ and the
// active side when it asks again behind REQ(1).
func TestInitRefusalWithTheWholePairIsNext(t *testing.T) {
	for _, role := range []wire.Role{wire.Active, wire.Passive} {
		c := [2]Config{config(wire.Active, "one", "two"), config(wire.Passive, "one", "two")}
		c[role-1].Init = func(arch string, peer *wire.ConInfo) error {
			if arch == "one" && peer != nil {
				return errInit
			}
			return nil
		}
		w := meetUp(t, c[0], c[1])
		w.run()
		for i := range w.ends {
			m := w.ends[i].m
			want := Trial{Attempt: 1, Arch: "one", Reason: wire.Refused, Text: errInit.Error(), Peer: m.mine.Role != role}
			if !w.ends[i].up || m.try.n != 2 || !slices.Equal(m.Trials(), []Trial{want}) {
				t.Errorf("%v refuses: %v is %v in attempt %d after %+v", role, m.mine.Role, m.State(), m.try.n, m.Trials())
			}
		}
	}
}

// TestOrderCountsEvenBehindAFailure has Order cross our own failure.
func TestOrderCountsEvenBehindAFailure(t *testing.T) {
	w := scenario{active: archs, passive: archs}.world(t)
	w.play("~ a- a.")
	m := w.ends[0].m
	f := wire.Next{Attempt: 1, Reason: wire.Order}.Frame()
	m.Frame(f.Type, f.Payload)
	if m.try.n != 2 || m.try.rung.Arch != "one" {
		t.Errorf("attempt %d is %v after %v", m.try.n, m.try.rung, m.Trials())
	}
}

// TestOrderConsumesNoRung lets the active side begin with a rung that is second.
func TestOrderConsumesNoRung(t *testing.T) {
	w := meetUp(t, config(wire.Active, "one", "two"), config(wire.Passive, "two", "four", "one"))
	w.pump()
	for i := range w.ends {
		if m := w.ends[i].m; m.try.n != 2 || m.try.rung.Arch != "two" || m.Trials()[0].Reason != wire.Order {
			t.Fatalf("attempt %d, %v, %v", m.try.n, m.try.rung, m.Trials())
		}
	}
	w.play("a- ~ a. p. ~ a+ p+ ~")
	for i := range w.ends {
		if m := w.ends[i].m; m.State() != Up || m.try.n != 3 || m.try.rung.Arch != "one" {
			t.Errorf("%v: %v on %v in attempt %d", m.mine.Role, m.State(), m.try.rung, m.try.n)
		}
	}
}

func TestHeldAttemptIsTakenUpWhole(t *testing.T) {
	w := scenario{active: archs, passive: archs}.world(t)
	w.play("~ a- ~ a. ~")
	acts, err := w.ends[0].m.SendStep(2, []byte("ahead"))
	if err != nil {
		t.Fatal(err)
	}
	w.carry(0, acts)
	w.play("a+ ~")
	p := &w.ends[1]
	if p.m.State() != Release || len(p.m.held) != 3 {
		t.Fatalf("%v holds %d frames", p.m.State(), len(p.m.held))
	}
	p.half = noHalf
	var delivered string
	acts = p.m.Event(HalfReleased{1})
	for _, a := range acts {
		if d, ok := a.(Deliver); ok {
			delivered += string(d.Data)
		}
	}
	w.carry(1, acts)
	if delivered != "ahead" || p.m.State() != Try {
		t.Errorf("delivered %q, %v", delivered, p.m.State())
	}
	w.play("p+ ~")
	if !w.ends[0].up || !p.up {
		t.Errorf("active %v, passive %v", w.ends[0].m.State(), p.m.State())
	}
}

func TestPathIsOpenWhenThePeerFailsInstead(t *testing.T) {
	w := scenario{active: archs, passive: archs}.world(t)
	w.play("~ a+ ~ p+ a!")
	w.play("~")
	if f := w.ends[1].m.Fault(); f == nil || !f.Open || f.Kind != Theirs || f.Reason != wire.Timeout {
		t.Errorf("passive: %+v", f)
	}
}

func TestTimersShareWhatIsLeft(t *testing.T) {
	for _, c := range []struct {
		arm  Arm
		left time.Duration
		want time.Duration
	}{
		{Arm{RungTimer, 1}, 10 * time.Second, 2 * time.Second},
		{Arm{RungTimer, 4}, 4 * time.Second, time.Second},
		{Arm{VerdictTimer, 4}, 4 * time.Second, 2 * time.Second},
		{Arm{LingerTimer, 1}, 0, time.Second},
		{Arm{RungTimer, 2}, -time.Second, 0},
	} {
		if got := c.arm.Duration(c.left); got != c.want {
			t.Errorf("%+v with %v left: %v, want %v", c.arm, c.left, got, c.want)
		}
	}
	m := stages[2].end(t).m
	acts := m.Event(HalfFailed{Attempt: m.try.n})
	if a, ok := acts[len(acts)-1].(Arm); !ok || a != (Arm{VerdictTimer, 3}) {
		t.Errorf("after our verdict: %+v", acts)
	}
}

func TestIllegalTransitionPanicsWithBothStates(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); got != "machine: active: Greet -> Up" {
			t.Errorf("panic %q", got)
		}
	}()
	newMachine(t, config(wire.Active)).become(Up)
}
