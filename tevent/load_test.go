package tevent_test

import (
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestLoadCountsWhatWaits(t *testing.T) {
	w, ev := newWorld(t)
	if got := ev.Load(); got != (tevent.Load{}) {
		t.Errorf("a new context has %+v", got)
	}
	timer := tevent.NewTimer(ev, func() {})
	timer.Reset(3 * time.Second)
	sleep := tevent.Sleep(ev, 5*time.Second)
	fd, err := tevent.NewFD(ev, 7, tevent.FDRead, func(tevent.Flags) {})
	if err != nil {
		t.Fatal(err)
	}
	im := tevent.NewImmediate(ev, func() {})
	im.Schedule()
	w.pass(time.Second)
	if got, want := ev.Load(), (tevent.Load{Requests: 1, Ready: 1, Timers: 2, Due: 2 * time.Second, Watched: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	w.pass(3 * time.Second)
	if got := ev.Load().Due; got != -time.Second {
		t.Errorf("a timer that is late by a second is due in %v", got)
	}
	timer.Stop()
	im.Cancel()
	sleep.Drop()
	_ = fd.Close()
}
