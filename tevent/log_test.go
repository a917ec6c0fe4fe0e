//go:build linux

package tevent_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
)

// textLog writes lines without their time.
func textLog(b *bytes.Buffer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
}

func TestLoggerAtDebugIsToldEachMoment(t *testing.T) {
	_, ev := newWorld(t)
	var b bytes.Buffer
	ev.SetLogger(textLog(&b, slog.LevelDebug))
	told := 0
	ev.SetTrace(func(*tevent.TraceEvent) { told++ }) // is told beside it
	j := start(ev, "job")
	watch(j.Req().SetTag(4))
	timerAt(ev, 0, func() { j.Fail(errTest) })
	turn(t, ev)
	want := `level=DEBUG msg="tevent: attach" kind=request name=job id=1
level=DEBUG msg="tevent: attach" kind=timer name=timer id=2
level=DEBUG msg="tevent: before handler" kind=timer name=timer id=2
level=DEBUG msg="tevent: detach" kind=timer name=timer id=2
level=DEBUG msg="tevent: finished" kind=request name=job id=1 tag=4 error="test failure"
level=DEBUG msg="tevent: after handler" kind=timer name=timer id=2
level=DEBUG msg="tevent: before handler" kind=request name=job id=1 tag=4
level=DEBUG msg="tevent: detach" kind=request name=job id=1 tag=4
level=DEBUG msg="tevent: after handler" kind=request name=job id=1 tag=4
`
	if got := strings.ReplaceAll(b.String(), " id=3", " id=2"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if told == 0 {
		t.Error("the trace was told nothing")
	}
}

func TestLoggerAboveDebugCostsNothing(t *testing.T) {
	ev := quiet(t)
	var b bytes.Buffer
	ev.SetLogger(textLog(&b, slog.LevelInfo))
	j := &job{}
	f := func(r tevent.Req[int]) { _, _ = r.Result() }
	wantNoAlloc(t, func() {
		j.Start(ev, "job")
		j.Req().SetCallback(f)
		j.Done(1)
		turn(t, ev)
	})
	if b.Len() != 0 {
		t.Error(b.String())
	}
}
