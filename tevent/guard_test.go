package tevent_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// TestGuardNamesPostAndAwait calls from the place of another goroutine: while
// the loop sleeps, whoever comes in is one.
func TestGuardNamesPostAndAwait(t *testing.T) {
	w, ev := newWorld(t)
	j := start(ev, "job")
	finished := start(ev, "finished")
	finished.Done(1)
	im := tevent.NewImmediate(ev, func() {})
	timer := tevent.NewTimer(ev, func() {})
	timer.Reset(time.Hour)
	fd, err := tevent.NewFD(ev, 3, tevent.FDRead, func(tevent.Flags) {})
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]func(){
		"Start":       func() { start(ev, "late") },
		"Done":        func() { j.Done(1) },
		"Fail":        func() { j.Fail(errTest) },
		"SetCallback": func() { watch(j.Req()) },
		"Result":      func() { _, _ = finished.Req().Result() },
		"Cancel":      func() { j.Req().Cancel() },
		"Drop":        func() { j.Req().Drop() },
		"Ignore":      func() { j.Req().Ignore() },
		"SetTimeout":  func() { j.Req().SetTimeout(1) },
		"Then":        func() { j.Req().Then(j, func(int) {}) },
		"Failed":      func() { tevent.Failed[int](ev, "failed", errTest) },
		"Sleep":       func() { tevent.Sleep(ev, 1) },
		"Immediate":   im.Schedule,
		"Timer.Reset": func() { timer.Reset(1) },
		"Timer.Stop":  func() { timer.Stop() },
		"NewFD":       func() { _, _ = tevent.NewFD(ev, 4, 0, nil) },
		"FD.Close":    func() { fd.Close() },
		"SetFlags":    func() { _ = fd.SetFlags(0) },
		"NewSignal":   func() { _, _ = tevent.NewSignal(ev, os.Interrupt, nil) },
		"LoopOnce":    func() { _ = ev.LoopOnce() },
		"LoopWait":    func() { _ = ev.LoopWait() },
		"Run":         func() { _ = ev.Run(context.Background()) },
		"Wait":        func() { _, _ = tevent.Wait(ev, j.Req()) },
		"Close":       func() { ev.Close() },
	}
	turn(t, ev) // nothing is ready any more
	w.asleep = func() {
		for name, call := range calls { // in any order
			if text := panics(call); !strings.Contains(text, "ev.Post") || !strings.Contains(text, "tevent.Await") {
				t.Errorf("%s: %q", name, text)
			}
		}
		if !ev.Post(func() {}) {
			t.Error("Post is for everybody")
		}
	}
	for w.asleep != nil {
		turn(t, ev)
	}
	timer.Stop()
	fd.Close()
	finished.Req().Drop()
	j.Done(1)
	j.Req().Drop()
}

func TestGuardStopsARealGoroutine(t *testing.T) {
	ev := newContext(t)
	ev.SetWaitTimeout(-1)
	j := start(ev, "job")
	caught := make(chan string, 1)
	go func() {
		defer ev.Post(func() { j.Done(1) })
		for {
			if text := panics(func() { j.Req().InProgress() }); text != "" {
				caught <- text
				return
			}
		}
	}()
	if _, err := tevent.Wait(ev, j.Req()); err != nil {
		t.Fatal(err)
	}
	if text := <-caught; !strings.Contains(text, "ev.Post") {
		t.Fatal(text)
	}
}
