package tevent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

func TestAbandonedContextDoesNothing(t *testing.T) {
	ev, err := tevent.New()
	if err != nil {
		t.Fatal(err)
	}
	real := ev.Driver()
	defer real.Close()
	var happened steps
	ev.OnPanic(func(*tevent.PanicError) bool { happened.add("panic taken"); return true })
	ev.SetTrace(func(*tevent.TraceEvent) { happened.add("trace") })
	tevent.NewTimer(ev, happened.adder("timer")).Reset(0)
	j := start(ev, "job")
	j.Req().SetCallback(func(tevent.Req[int]) { happened.add("callback") })
	ev.Post(happened.adder("posted before"))
	happened = nil
	ev.Abandon()

	if ev.Post(happened.adder("posted after")) {
		t.Error("Post took a function")
	}
	j.Done(1)
	tevent.Sleep(ev, time.Nanosecond).SetCallback(func(tevent.Req[tevent.None]) { happened.add("sleep") })
	if err := ev.LoopOnce(); !errors.Is(err, tevent.ErrClosed) {
		t.Error(err)
	}
	if err := ev.Close(); err != nil {
		t.Error(err)
	}
	happened.want(t)
}
