package tevent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestProfileIsTheTreeOfWhatWasAdoptedAndOutlivesIt(t *testing.T) {
	_, ev := newWorld(t)
	ev.SetTracking(false) // places are known nevertheless
	p := start(ev, "parent")
	early := start(ev, "early")
	early.Req().Handle(p, nil) // before the profile was asked for
	prof := p.Req().SetProfile()
	if prof != p.Req().SetProfile() || prof.State != tevent.StateInProgress || prof.Took() != 0 {
		t.Fatal("not one profile", prof)
	}
	step := func(name string, d time.Duration, next func(tevent.None, error)) {
		j := start(ev, name)
		tevent.Sleep(ev, d).Then(j, func(tevent.None) { j.Fail(errTest) })
		j.Req().Handle(p, func(_ int, err error) { next(tevent.None{}, err) })
	}
	step("first", time.Second, func(tevent.None, error) {
		step("second", time.Minute, func(tevent.None, error) { early.Done(1); p.Done(1) })
	})
	begin := ev.Now()
	watch(p.Req())
	for p.State() != tevent.StateFree {
		turn(t, ev)
	}
	p.Start(ev, "another life")
	defer func() { p.Done(1); p.Req().Drop() }()

	if prof.State != tevent.StateDone || prof.Took() != 61*time.Second || !prof.Started.Equal(begin) || len(prof.Subs) != 3 {
		t.Fatal(prof)
	}
	for i, want := range []struct {
		name string
		st   tevent.State
		took time.Duration
		subs int
	}{{"early", tevent.StateDone, 61 * time.Second, 0}, {"first", tevent.StateFailed, time.Second, 1}, {"second", tevent.StateFailed, time.Minute, 1}} {
		s := prof.Subs[i]
		if s.Name != want.name || s.State != want.st || s.Took() != want.took || len(s.Subs) != want.subs ||
			!strings.Contains(s.Created, "profile_test.go:") || !strings.Contains(s.Ended, "profile_test.go:") {
			t.Errorf("%d: %v", i, s)
		}
		if (s.Err != nil) != (want.st == tevent.StateFailed) {
			t.Error(s.Err)
		}
	}
	lines := strings.Split(prof.String(), "\n")
	if len(lines) != 7 || !strings.HasPrefix(lines[0], "parent: done after 1m1s, from ") ||
		!strings.HasPrefix(lines[2], `  first: failed "test failure" after 1s, from `) || !strings.HasPrefix(lines[3], "    sleep: done after 1s, from ") {
		t.Errorf("%q", lines)
	}
}

func TestProfileOfWhatHasEndedOrFinished(t *testing.T) {
	_, ev := newWorld(t)
	j := start(ev, "job")
	j.Fail(errTest)
	prof := j.Req().SetProfile()
	if prof.State != tevent.StateFailed || prof.Err != errTest {
		t.Fatal(prof)
	}
	r := j.Req()
	r.Drop()
	if r.SetProfile() != nil || (tevent.Req[int]{}).SetProfile() != nil {
		t.Fatal("a profile of nothing")
	}
	j.Start(ev, "next life")
	if again := j.Req().SetProfile(); again == prof || again.Name != "next life" {
		t.Fatal("the profile of another life")
	}
	j.Done(1)
	j.Req().Drop()
}

func TestPrintAppendsToWhatStringSays(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "job")
	n := 0
	j.SetPrint(func() string { n++; return "3 of 7 parts" })
	for _, s := range []string{j.String(), j.Req().String()} {
		if !strings.HasPrefix(s, "job: in progress, age ") || !strings.HasSuffix(s, ", 3 of 7 parts") {
			t.Fatal(s)
		}
	}
	j.Done(1)
	j.Req().Drop()
	j.Start(ev, "job")
	if s := j.String(); strings.Contains(s, "parts") || n != 2 {
		t.Fatal("printed as another life:", s)
	}
	j.Done(1)
	j.Req().Drop()
}
