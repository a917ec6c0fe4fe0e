package tevent_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestTagsStayAndAreTheOwners(t *testing.T) {
	_, ev := newWorld(t)
	tm, im := timerAt(ev, 1, func() {}), tevent.NewImmediate(ev, func() {})
	fd := watchFD(t, ev, 3, 0, nil)
	type tagged interface {
		SetTag(uint64)
		Tag() uint64
	}
	for i, e := range []tagged{tm, im, fd} {
		if e.Tag() != 0 {
			t.Fatal(e.Tag())
		}
		e.SetTag(uint64(i) + 1<<63)
	}
	tm.Stop()
	tm.Reset(1)
	im.Schedule()
	for i, e := range []tagged{tm, im, fd} {
		if e.Tag() != uint64(i)+1<<63 {
			t.Fatal(i, e.Tag())
		}
	}
	tm.Stop()
	fd.Close()
	im.Cancel()
	j := start(ev, "job")
	if q := j.Req(); q.Tag() != 0 || q.SetTag(5) != q || q.Tag() != 5 {
		t.Fatal(q.Tag())
	}
	j.Req().Drop()
	j.Done(1)
	j.Start(ev, "job")
	if j.Req().Tag() != 0 {
		t.Fatal("the tag of another life")
	}
	j.Done(1)
	j.Req().Drop()
}
