package tevent_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// three jobs and their requests.
func three(ev *tevent.Context) (js [3]*job, rs []tevent.Req[int], released *[]int) {
	released = &[]int{}
	for i := range js {
		js[i] = start(ev, "part")
		js[i].SetCancel(js[i].Fail)
		js[i].SetRelease(func(v int) { *released = append(*released, v) })
		rs = append(rs, js[i].Req())
	}
	return js, rs, released
}

func TestAllGivesTheValuesInTheOrderGiven(t *testing.T) {
	ev := newContext(t)
	js, rs, released := three(ev)
	all := tevent.All(ev, rs...)
	js[2].Done(12)
	turn(t, ev)
	js[0].Done(10)
	js[1].Done(11)
	if vs, err := tevent.Wait(ev, all); err != nil || !slices.Equal(vs, []int{10, 11, 12}) || len(*released) != 0 {
		t.Fatal(vs, err, *released)
	}
}

func TestAllFailsWithTheFirstFailureAndEndsTheOthers(t *testing.T) {
	ev := newContext(t)
	js, rs, released := three(ev)
	all := tevent.All(ev, rs...)
	js[0].Done(10)
	turn(t, ev)
	js[1].Fail(errTest)
	if _, err := tevent.Wait(ev, all); !errors.Is(err, errTest) {
		t.Fatal(err)
	}
	if js[2].State() != tevent.StateFree || !slices.Equal(*released, []int{10}) {
		t.Fatal(js[2], *released) // nobody received what was there
	}
}

func TestAllThatNobodyReceivesReleasesItsValues(t *testing.T) {
	ev := newContext(t)
	js, rs, released := three(ev)
	all := tevent.All(ev, rs...)
	for i, j := range js {
		j.Done(i)
	}
	turn(t, ev)
	all.Drop()
	if !slices.Equal(*released, []int{0, 1, 2}) {
		t.Fatal(*released)
	}
}

func TestAllCanBeCancelled(t *testing.T) {
	ev := newContext(t)
	js, rs, _ := three(ev)
	all := tevent.All(ev, rs...)
	if !all.Cancel() {
		t.Fatal("refused")
	}
	if _, err := tevent.Wait(ev, all); err == nil {
		t.Fatal("no error")
	}
	for _, j := range js {
		if j.State() != tevent.StateFree {
			t.Fatal(j)
		}
	}
}

func TestAllOfNothingIsDone(t *testing.T) {
	ev := newContext(t)
	if vs, err := tevent.Wait(ev, tevent.All[int](ev)); len(vs) != 0 || err != nil {
		t.Fatal(vs, err)
	}
	if _, err := tevent.Wait(ev, tevent.Any[int](ev)); !errors.Is(err, tevent.ErrNoRequest) {
		t.Fatal(err)
	}
	if _, err := tevent.Wait(ev, tevent.All(ev, tevent.Req[int]{})); !errors.Is(err, tevent.ErrNoRequest) {
		t.Fatal(err)
	}
}

func TestAnyGivesTheFirstValueAndEndsTheOthers(t *testing.T) {
	ev := newContext(t)
	js, rs, released := three(ev)
	first := tevent.Any(ev, rs...)
	js[0].Fail(errTest)
	turn(t, ev)
	js[2].Done(12)
	js[1].Done(11)
	if v, err := tevent.Wait(ev, first); v != 12 || err != nil {
		t.Fatal(v, err)
	}
	if js[1].State() != tevent.StateFree || !slices.Equal(*released, []int{11}) {
		t.Fatal(js[1], *released)
	}
}

func TestAnyTakesTheLastOne(t *testing.T) {
	ev := newContext(t)
	js, rs, _ := three(ev)
	first := tevent.Any(ev, rs...)
	js[0].Fail(errTest)
	js[1].Fail(errTest)
	js[2].Done(12)
	if v, err := tevent.Wait(ev, first); v != 12 || err != nil {
		t.Fatal(v, err)
	}
}

func TestAnyFailsWithAllErrors(t *testing.T) {
	ev := newContext(t)
	js, rs, _ := three(ev)
	first := tevent.Any(ev, rs...)
	errs := []error{errors.New("a"), errors.New("b"), errors.New("c")}
	for i, j := range js {
		j.Fail(errs[i])
	}
	_, err := tevent.Wait(ev, first)
	for _, e := range errs {
		if !errors.Is(err, e) {
			t.Error(err)
		}
	}
}
