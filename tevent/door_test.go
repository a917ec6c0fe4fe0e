package tevent_test

import (
	"strings"
	"testing"
	"time"
)

func TestRunningIsTrueDuringATurn(t *testing.T) {
	ev := newContext(t)
	during := false
	ev.Post(func() { during = ev.Running() })
	if ev.Running() {
		t.Error("before the turn")
	}
	turn(t, ev)
	if !during || ev.Running() {
		t.Error(during, ev.Running())
	}
	closeNow(t, ev)
	if ev.Running() {
		t.Error("after Close")
	}
}

func TestRunningIsTrueWhileTheLoopSleeps(t *testing.T) {
	ev := newContext(t)
	serve(t, ev, func() {
		asleep := make(chan bool)
		ev.Alarm(time.Millisecond, func() { asleep <- ev.Running() })
		if !<-asleep {
			t.Error("a loop that sleeps is not run")
		}
	})
}

func TestOutsidePanicsInsideATurn(t *testing.T) {
	ev := newContext(t)
	ev.Post(func() { ev.Outside("Read") })
	if text := panicOf(t, func() { _ = ev.LoopOnce() }); !strings.Contains(text, "Read inside a turn") {
		t.Error(text)
	}
	ev.Outside("Read")
	serve(t, ev, func() { ev.Outside("Read") })
}

func TestAlarmComesThoughNobodyRunsTheLoop(t *testing.T) {
	ev := newContext(t)
	rung := make(chan struct{})
	stop := ev.Alarm(time.Hour, func() { t.Error("rung") })
	stop()
	ev.Alarm(time.Millisecond, func() { close(rung) })
	<-rung
}
