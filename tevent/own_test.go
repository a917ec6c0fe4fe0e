package tevent_test

import (
	"io"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestOwnedIsClosedInReverseOrderHoweverARequestFinishes(t *testing.T) {
	ev := newContext(t)
	for name, finish := range map[string]func(*job){ // in any order
		"done":    func(j *job) { j.Done(1) },
		"failed":  func(j *job) { j.Fail(errTest) },
		"dropped": func(j *job) { j.Req().Drop(); j.Done(1) },
	} {
		var s steps
		j := start(ev, name)
		for _, what := range []string{"a", "b", "c"} {
			j.Own(&closer{s.adder(what)})
		}
		s.want(t)
		finish(j)
		s.want(t, "c", "b", "a")
		j.Req().Drop()
		s.want(t, "c", "b", "a")
	}
}

func TestDisownedIsNotClosed(t *testing.T) {
	ev := newContext(t)
	var s steps
	kept, given := &closer{s.adder("kept")}, &closer{s.adder("given")}
	j := start(ev, "job")
	j.Own(kept)
	j.Own(given)
	j.Disown(given)
	j.Disown(given) // as often as one likes
	j.Done(1)
	s.want(t, "kept")
	j.Req().Drop()
}

func TestOwnedDoesNotOutliveItsLife(t *testing.T) {
	ev := newContext(t)
	var s steps
	j := start(ev, "first")
	j.Own(&closer{s.adder("closed")})
	j.Done(1)
	j.Req().Drop()
	j.Start(ev, "second")
	j.Done(2)
	j.Req().Drop()
	s.want(t, "closed")
}

type file struct {
	tevent.Op[io.Closer]
}

func TestNothingIsClosedByItsType(t *testing.T) {
	ev := newContext(t)
	f := &file{}
	f.Start(ev, "open")
	f.Done(&closer{func() { t.Error("closed") }})
	f.Req().Drop()
}

// The functions of SetRelease, SetCancel and SetCleanup are of one life only.
func TestNextLifeKnowsNothingOfTheLast(t *testing.T) {
	ev := newContext(t)
	j := start(ev, "first")
	j.SetRelease(func(int) { t.Error("released") })
	j.SetCancel(func(error) bool { t.Error("asked"); return true })
	var s steps
	s.note(j)
	j.Done(1)
	if v, _ := j.Req().Result(); v != 1 {
		t.Fatal(v)
	}
	s = nil
	j.Start(ev, "second")
	if j.Req().Cancel() {
		t.Fatal("cancelled")
	}
	j.Done(2)
	j.Req().Drop()
	s.want(t)
}

func TestFreeOpIsTold(t *testing.T) {
	ev := newContext(t)
	j := &job{}
	told := 0
	j.SetFree(func() { told++ })
	for life := 1; life <= 3; life++ { // it stays over starts
		j.Start(ev, "job")
		j.Done(1)
		if told != life-1 {
			t.Fatal(told)
		}
		j.Req().Drop()
		if told != life {
			t.Fatal(told)
		}
	}
	j.Start(ev, "abandoned")
	j.Req().Drop()
	if told != 3 {
		t.Fatal("its implementer still works")
	}
	j.Done(1)
	if told != 4 {
		t.Fatal(told)
	}
}
