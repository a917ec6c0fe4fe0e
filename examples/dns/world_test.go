package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tsocket"

	"golang.org/x/net/dns/dnsmessage"
)

// asking is a run of the program's work in a world: a stand-in, a liar, and names.
type asking struct {
	w      *sim.World
	s      *standin
	liar   liar
	client *sim.Proc
	out    bytes.Buffer
	errs   bytes.Buffer
	failed int
	err    error
	ended  bool // and not killed
}

func newAsking(w *sim.World, s *standin, names []string, set settings) *asking {
	a := &asking{w: w, s: s, liar: liar{s: s}}
	set.server, set.kind = place, "A"
	w.Watch(oracle.All()...)
	w.Host("10.0.0.1").Go("server", func(ev *tevent.Context) { _, _ = tevent.Wait(ev, s.open(ev).Req()) })
	w.Host("10.0.0.3").Go("liar", func(ev *tevent.Context) { _, _ = tevent.Wait(ev, a.liar.open(ev).Req()) })
	a.client = w.Host("10.0.0.2").Go("client", func(ev *tevent.Context) {
		_, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Second)) // the server is there by then
		p := printer{&a.out, &a.errs, false}
		a.failed, a.err = tevent.Wait(ev, lookUp(ev, names, set, p))
		a.ended = true
	})
	return a
}

// judge is what holds in every world: what is printed is right and in order, and
// what is missing is told.
func (a *asking) judge(names []string) error {
	lines := strings.Fields(a.out.String())
	silent := map[string]bool{}
	for line := range strings.Lines(a.errs.String()) {
		silent[strings.Split(line, ":")[1][1:]] = true
	}
	if len(silent) != a.failed {
		return fmt.Errorf("%d failed, %d told", a.failed, len(silent))
	}
	at := 0
	for _, name := range names {
		if silent[name] {
			continue
		}
		ip := right(name)
		want := fmt.Sprintf("%d.%d.%d.%d", ip[0], ip[1], ip[2], ip[3])
		if at == len(lines) || lines[at] != want {
			return fmt.Errorf("%s: want %s, line %d of %q", name, want, at, lines)
		}
		at++
	}
	if at != len(lines) {
		return fmt.Errorf("%d lines for %d names", len(lines), at)
	}
	return nil
}

// TestForgedLostLateAndDoubledAnswers: whatever comes beside it, the right answer
// is the one that is printed; only a name that was never heard has none.
func TestForgedLostLateAndDoubledAnswers(t *testing.T) {
	const worlds = 100
	seed := sim.Seed(t)
	well, failed, cut, ignored := 0, 0, 0, 0
	for i := range uint64(worlds) {
		w := sim.New(seed + i)
		s := &standin{deaf: int(i % 4 * 20), bad: int(i % 3 * 40), cut: int(i % 5 * 10)}
		all := names(20)
		a := newAsking(w, s, all, settings{timeout: 7 * time.Second, parallel: 1 + int(i%20)})
		if err := w.RunUntil(a.client.Exited); err != nil || a.err != nil {
			t.Errorf("world %d: %v, %v", i, err, a.err)
		} else if err := a.judge(all); err != nil {
			t.Errorf("world %d: %v", i, err)
		}
		if s.deaf == 0 && a.failed > 0 {
			t.Errorf("world %d: %d failed, all of which were heard: %s", i, a.failed, &a.errs)
		}
		well += len(all) - a.failed
		failed += a.failed
		cut += s.served
		ignored += a.liar.lies
		w.Close()
	}
	t.Logf("%d answered, %d by TCP, %d not; %d lies", well, cut, failed, ignored)
	if well < 10*worlds || failed == 0 || cut == 0 || ignored < 10*worlds {
		t.Errorf("%d answered, %d by TCP, %d not; %d lies: that proves nothing", well, cut, failed, ignored)
	}
}

// draw is a plan without interruptions for ever, which make a hundred calls of
// each.
func draw(seed uint64, procs ...string) sim.Plan {
	return slices.DeleteFunc(sim.Draw(seed, procs...), func(f sim.Fault) bool { return f.Kind == sim.Interrupted && f.On })
}

// TestWhateverGoesWrongAnswersAreRightOrMissing has worlds of all kinds of faults.
func TestWhateverGoesWrongAnswersAreRightOrMissing(t *testing.T) {
	const worlds = 200
	seed := sim.Seed(t)
	well, broken := 0, 0
	for i := range uint64(worlds) {
		w := sim.New(seed + i)
		w.Inject(draw(seed+i, "server", "client"))
		all := names(10)
		a := newAsking(w, &standin{bad: 20, cut: 20}, all, settings{timeout: 3 * time.Second, parallel: 4})
		err := w.RunFor(time.Minute)
		if err == nil {
			err = oracle.Settles(w, 10*time.Minute, a.client.Exited)
		}
		if err == nil && a.ended && a.err == nil {
			err = a.judge(all)
			well++
		}
		if a.failed > 0 || a.err != nil {
			broken++
		}
		if err != nil {
			t.Errorf("world %d: %v", i, err)
		}
		w.Close()
	}
	t.Logf("%d of %d worlds came to an end, %d of them with names that failed", well, worlds, broken)
	if well < worlds/4 || broken < worlds/20 {
		t.Errorf("%d of %d worlds, %d broken: that proves nothing", well, worlds, broken)
	}
}

// inWorld asks one question in a world, in the process of the server, and returns
// the outcome and how long it took. from is whose answers count.
func inWorld(t *testing.T, from tsocket.Address, serve func(*tevent.Context) *standin) (answer, time.Duration, error) {
	t.Helper()
	w := sim.Test(t)
	w.Watch(oracle.All()...)
	var a answer
	var took time.Duration
	var failed error
	w.Host("10.0.0.1").Go("both", func(ev *tevent.Context) {
		s := serve(ev)
		r, err := newResolver(ev, place, 7*time.Second)
		if err != nil {
			panic(err)
		}
		r.server = from
		q, _ := newQuestion("n1.test", dnsmessage.TypeA)
		began := ev.Now()
		a, failed = tevent.Wait(ev, r.Ask(q))
		took = ev.Now().Sub(began)
		r.Req().Drop()
		if s != nil {
			s.Req().Drop()
		}
	})
	if err := w.Run(); err != nil {
		t.Error(err)
	}
	return a, took, failed
}

func nobody(*tevent.Context) *standin { return nil }

func TestASilentServerIsAskedThreeTimesInTheTime(t *testing.T) {
	s := &standin{deaf: 100}
	_, took, err := inWorld(t, place, s.open)
	var none *unansweredError
	if !errors.As(err, &none) || none.cause != nil || s.asked != 3 || took.Round(time.Millisecond) != 7*time.Second {
		t.Errorf("%v after %v, asked %d times", err, took, s.asked)
	}
}

func TestAPortThatNobodyHasIsToldAtOnce(t *testing.T) {
	_, took, err := inWorld(t, place, nobody)
	if !errors.Is(err, syscall.ECONNREFUSED) || took > time.Second {
		t.Errorf("%v after %v", err, took)
	}
}

// TestAnAnswerFromElsewhereIsIgnored has what the kernel lets through if it comes
// between the choice of a port and that of the server.
func TestAnAnswerFromElsewhereIsIgnored(t *testing.T) {
	s := &standin{}
	_, _, err := inWorld(t, liars, s.open)
	if none := (*unansweredError)(nil); !errors.As(err, &none) || s.asked != 3 {
		t.Errorf("%v, asked %d times", err, s.asked)
	}
}

func TestACutAnswerIsFetchedByTCP(t *testing.T) {
	s := &standin{cut: 100}
	a, _, err := inWorld(t, place, s.open)
	if err != nil || !a.tcp || s.served != 1 || len(a.lines) != 1 || a.lines[0] != "10.0.0.1" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestACutAnswerThatCannotBeFetchedIsAnError(t *testing.T) {
	s := &standin{cut: 100}
	_, took, err := inWorld(t, place, func(ev *tevent.Context) *standin {
		s.open(ev)
		s.Disown(s.l)
		s.l.Close()
		return s
	})
	if !errors.Is(err, syscall.ECONNREFUSED) || took > 2*time.Second {
		t.Errorf("%v after %v", err, took)
	}
}

func TestAnAnswerByTCPToAnotherQuestionIsAnError(t *testing.T) {
	s := &standin{cut: 100, astray: true}
	if a, _, err := inWorld(t, place, s.open); !errors.Is(err, errNoAnswer) {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestAPortThatGoesAwayDoesNotHurtWhatIsFetched: one question is with the server's
// TCP when another one is refused.
func TestAPortThatGoesAwayDoesNotHurtWhatIsFetched(t *testing.T) {
	w := sim.Test(t)
	var first, second error
	w.Host("10.0.0.1").Go("both", func(ev *tevent.Context) {
		s := (&standin{cut: 100, slow: 3 * time.Second}).open(ev)
		r, err := newResolver(ev, place, 7*time.Second)
		if err != nil {
			panic(err)
		}
		q, _ := newQuestion("n1.test", dnsmessage.TypeA)
		one := r.Ask(q)
		_, _ = tevent.Wait(ev, tevent.Sleep(ev, 2*time.Second)) // it is cut by then
		s.d.Close()
		_, second = tevent.Wait(ev, r.Ask(q))
		_, first = tevent.Wait(ev, one)
		r.Req().Drop()
		s.Req().Drop()
	})
	if err := w.Run(); err != nil || first != nil || !errors.Is(second, syscall.ECONNREFUSED) {
		t.Errorf("%v, %v, %v", err, first, second)
	}
}

func TestNoMoreQuestionsAreInFlightThanAllowed(t *testing.T) {
	w := sim.Test(t)
	s := &standin{deaf: 100}
	a := newAsking(w, s, names(9), settings{timeout: 7 * time.Second, parallel: 3})
	err := w.RunUntil(a.client.Exited)
	if d := w.Elapsed() - time.Second; err != nil || a.failed != 9 || s.asked != 27 || d < 21*time.Second || d > 22*time.Second {
		t.Errorf("%v, %d failed after %v, asked %d times", err, a.failed, w.Elapsed(), s.asked)
	}
}

// TestNumbersAndPortsAreDrawnAnew looks at many questions: no two ports of
// resolvers, and hardly two numbers, are the same.
func TestNumbersAndPortsAreDrawnAnew(t *testing.T) {
	w := sim.Test(t)
	ports, ids := map[uint16]bool{}, map[uint16]bool{}
	w.Host("10.0.0.1").Go("client", func(ev *tevent.Context) {
		for range 20 {
			r, err := newResolver(ev, place, time.Second)
			if err != nil {
				panic(err)
			}
			ports[r.d.LocalAddr().AddrPort().Port()] = true
			for range 20 {
				ids[r.newID()] = true
			}
			r.Req().Drop()
		}
	})
	if err := w.Run(); err != nil {
		t.Fatal(err)
	}
	if len(ports) < 18 || len(ids) < 390 {
		t.Errorf("%d ports of 20, %d numbers of 400", len(ports), len(ids))
	}
	for port := range ports { // in whatever order
		if port < 1024 {
			t.Errorf("port %d", port)
		}
	}
}
