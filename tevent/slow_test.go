//go:build linux

package tevent_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// slowOn notes what holds the loop for more than a second, without the places.
func slowOn(ev *tevent.Context, s *steps) {
	ev.SetSlow(time.Second, func(c tevent.SlowCallback) {
		s.add(fmt.Sprintf("%v %q step %q tag %d fd %d took %v", c.Kind, c.Name, c.Step, c.Tag, c.FD, c.Took))
	})
}

func TestSlowCallbacksOfEveryKindAreReported(t *testing.T) {
	w, ev := newWorld(t)
	var s steps
	slowOn(ev, &s)
	tarry := func() { w.pass(2 * time.Second) }
	ev.Post(tarry)
	im := tevent.NewImmediate(ev, tarry)
	im.SetTag(1)
	im.Schedule()
	tm := timerAt(ev, 0, tarry)
	tm.SetTag(2)
	var fd *tevent.FD
	fd = watchFD(t, ev, 3, tevent.FDRead, func(tevent.Flags) { tarry(); fd.Close() })
	fd.SetTag(3)
	w.happen(3, sys.In)
	p, sub := start(ev, "parent"), start(ev, "sub")
	sub.Req().Then(p, func(int) { tarry(); p.Done(1) })
	sub.Done(1)
	p.Req().SetCallback(func(tevent.Req[int]) { tarry() })
	stuck := start(ev, "stuck")
	stuck.SetCancel(func(cause error) bool { tarry(); return stuck.Fail(cause) })
	stuck.Req().SetTimeout(0).SetCallback(func(tevent.Req[int]) {})
	turn(t, ev)
	s.want(t,
		`post "post" step "" tag 0 fd -1 took 2s`,
		`immediate "immediate" step "" tag 1 fd -1 took 2s`,
		`request "sub" step "parent" tag 0 fd -1 took 2s`,
		`request "parent" step "" tag 0 fd -1 took 2s`,
		`timer "timer" step "" tag 2 fd -1 took 2s`,
		`timer "timer of a request" step "" tag 0 fd -1 took 2s`,
		`fd "fd event" step "" tag 3 fd 3 took 2s`)
}

func TestSlowSignalHandlerIsReported(t *testing.T) {
	h, ev := newSignals(t)
	var s, ran steps
	ev.SetSlow(0, func(c tevent.SlowCallback) { s.add(c.Kind.String()) })
	onSignal(t, ev, &ran, "", func() { h.pass(1) })
	h.raise[0](syscall.SIGUSR1)
	turn(t, ev)
	s.want(t, "signal")
}

func TestSlowCallbackIsReportedWithItsPlaceAndAfterAPanicToo(t *testing.T) {
	w, ev := newWorld(t)
	var places []string
	ev.SetSlow(time.Second, func(c tevent.SlowCallback) { places = append(places, c.Created) })
	timerAt(ev, 0, func() { w.pass(time.Minute); panic("slow") })
	if text := panicOf(t, func() { _ = ev.LoopOnce() }); text != "slow" {
		t.Fatal(text)
	}
	if len(places) != 1 || !strings.Contains(places[0], "_test.go:") {
		t.Fatal(places)
	}
}

func TestWhatIsNotSlowerThanTheLimitIsNotReported(t *testing.T) {
	w, ev := newWorld(t)
	var s steps
	slowOn(ev, &s)
	timerAt(ev, 0, func() { w.pass(time.Second) })
	turn(t, ev)
	s.want(t)
	ev.SetSlow(0, nil)
	timerAt(ev, 0, func() { w.pass(time.Hour) })
	turn(t, ev)
	s.want(t)
}
