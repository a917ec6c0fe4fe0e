package tevent_test

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// shelf is a queue that only has a name.
type shelf struct {
	name string
	load [64]int // large enough to be an object of its own
}

func (s *shelf) Name() string       { return s.name }
func (s *shelf) Length() int        { return s.load[0] }
func (s *shelf) Bytes() int         { return s.load[1] }
func (s *shelf) Age() time.Duration { return 0 }

func listed(ev *tevent.Context) (names []string) {
	for q := range ev.Queues() {
		names = append(names, q.Name())
	}
	return names
}

func TestQueuesAreListedInOrderUntilDelisted(t *testing.T) {
	ev := newContext(t)
	a, b, c := &shelf{name: "a"}, &shelf{name: "b"}, &shelf{name: "c"}
	tevent.Enlist(ev, a)
	l := tevent.Enlist(ev, b)
	tevent.Enlist(ev, c)
	if got := listed(ev); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Error(got)
	}
	for range 2 { // the second does nothing
		l.Delist()
	}
	if got := listed(ev); !slices.Equal(got, []string{"a", "c"}) {
		t.Error(got)
	}
	for range ev.Queues() {
		break
	}
	runtime.KeepAlive([]*shelf{a, b, c})
}

// TestListKeepsNoQueueAlive makes queues that nobody keeps: the list stays short,
// also when most of what it holds lives.
func TestListKeepsNoQueueAlive(t *testing.T) {
	ev := newContext(t)
	kept := &shelf{name: "kept"}
	tevent.Enlist(ev, kept)
	for range 100 {
		for range 100 {
			tevent.Enlist(ev, &shelf{name: "forgotten"})
		}
		runtime.GC()
	}
	runtime.GC()
	if got := listed(ev); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("%d listed, %q first", len(got), got[:1])
	}
	if n := tevent.QueuePlaces(ev); n > 1000 {
		t.Errorf("10,001 queues, of which one lives, have %d places", n)
	}
	runtime.KeepAlive(kept)
}

// The first that is made here makes the context forget those that have gone.
func TestQueuesMayBeMadeWhileTheListIsRead(t *testing.T) {
	ev := newContext(t)
	var kept []*shelf
	list := func(name string) tevent.Listing {
		kept = append(kept, &shelf{name: name})
		return tevent.Enlist(ev, kept[len(kept)-1])
	}
	for range 8 {
		gone := list("gone")
		gone.Delist()
		list("kept")
	}
	n := 0
	for q := range ev.Queues() {
		if n++; q.Name() != "kept" {
			t.Error(q.Name())
		}
		list("new")
	}
	if n != 8 {
		t.Error(n)
	}
	runtime.KeepAlive(kept)
}
