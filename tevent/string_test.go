package tevent_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// lineAfter is file:line of the line behind its caller's.
func lineAfter() string {
	_, file, n, _ := runtime.Caller(1)
	return file + ":" + strconv.Itoa(n+1)
}

func contains(t *testing.T, s string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(s, p) {
			t.Errorf("%q lacks %q", s, p)
		}
	}
}

func TestStringGivesNameStateAgeAndParents(t *testing.T) {
	w, ev := newWorld(t)
	ev.SetWaitTimeout(0)
	ev.SetTracking(false)
	top, p, j := start(ev, "serve"), start(ev, "session"), start(ev, "readv")
	p.Req().Handle(top, func(int, error) {})
	j.Req().Handle(p, func(int, error) {})
	w.pass(3 * time.Second)
	turn(t, ev)
	contains(t, j.String(), "readv", "in progress", "age 3s", "for session", "for serve")
	if j.String() != j.Req().String() {
		t.Error(j.Req())
	}
	if strings.Contains(j.String(), ".go:") {
		t.Errorf("%s has a place without tracking", j)
	}
	top.Fail(errTest)
	contains(t, top.String(), "failed", errTest.Error())
	j.Done(1) // abandoned; its parent has let go by itself
	top.Req().Drop()
	contains(t, top.String(), "free")
	contains(t, new(job).String(), "free")
}

func TestTrackingKnowsWhereARequestWasCreatedAndFinished(t *testing.T) {
	ev := newContext(t)
	created := lineAfter()
	r := tevent.Sleep(ev, time.Hour)
	contains(t, r.String(), "sleep", "created at "+created)
	r.Drop()
	j := start(ev, "job")
	finished := lineAfter()
	j.Done(1)
	contains(t, j.String(), "created at ", "main_test.go:", "finished at "+finished)
	j.Req().Drop()
}

func TestItemsListsParentsBeforeChildren(t *testing.T) {
	ev := newContext(t)
	p, j := start(ev, "parent"), start(ev, "child")
	j.Req().Handle(p, func(int, error) {})
	other := start(ev, "other")
	var names []string
	for it := range ev.Items() {
		names = append(names, fmt.Sprintf("%s/%d", it.Name, it.Depth))
	}
	if got := strings.Join(names, " "); got != "parent/0 child/1 other/0" {
		t.Error(got)
	}
	for it := range ev.Items() {
		if it.Name != "parent" {
			t.Fatal("goes on after the break")
		}
		break
	}
	other.Done(1)
	other.Req().Drop()
	j.Done(1)
	p.Done(1)
	p.Req().Drop()
}

func TestWhatWasEnteredWithoutTrackingIsCounted(t *testing.T) {
	ev := newContext(t)
	ev.SetTracking(false)
	a, b := ev.Hold(tevent.KindBuffer, "a"), ev.Hold(tevent.KindBuffer, "b")
	ev.SetTracking(true)
	c := ev.Hold(tevent.KindBuffer, "c")
	var all []string
	var counts []int
	for it := range ev.Items() {
		all = append(all, it.String())
		counts = append(counts, it.Count)
	}
	if len(all) != 2 {
		t.Fatal(all)
	}
	contains(t, all[0], "buffer c created at")
	contains(t, all[1], "buffer 2, not tracked")
	if counts[0] != 1 || counts[1] != 2 {
		t.Error(counts)
	}
	for _, h := range []*tevent.Holding{&b, &c, &a, &a} { // a second Release does nothing
		h.Release()
	}
}
