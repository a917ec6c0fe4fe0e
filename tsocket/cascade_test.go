//go:build linux

package tsocket_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

var update = flag.Bool("update", false, "rewrite the tables in docs/layers.md")

// layersPage has the golden tables.
const layersPage = "../docs/layers.md"

// ask is one of the ways to end a connection.
type ask struct {
	name  string
	steps []tsocket.ShutStep // of a level, that are scripted
	start func(a *asked)
}

var asks = []ask{
	{"shutr", []tsocket.ShutStep{tsocket.ShutRead}, func(a *asked) { keepOutcome(a, a.s.ShutdownRead()) }},
	{"shutw", []tsocket.ShutStep{tsocket.ShutWrite}, func(a *asked) { keepOutcome(a, a.s.ShutdownWrite()) }},
	{"both", []tsocket.ShutStep{tsocket.ShutRead, tsocket.ShutWrite}, func(a *asked) {
		keepOutcome(a, a.s.ShutdownRead())
		keepOutcome(a, a.s.ShutdownWrite())
	}},
	{"disconnect", []tsocket.ShutStep{tsocket.ShutClose}, func(a *asked) { keepOutcome(a, a.s.Disconnect()) }},
	{"close", []tsocket.ShutStep{tsocket.ShutClose}, func(a *asked) { a.outcomes = append(a.outcomes, word(a.s.Close())) }},
}

// asked is a tower of which an end was asked.
type asked struct {
	*tower
	outcomes []string
	waiting  int
}

// keepOutcome notes how a request ends.
func keepOutcome[T any](a *asked, r tevent.Req[T]) {
	a.waiting++
	r.SetCallback(func(r tevent.Req[T]) {
		_, err := r.Result()
		a.waiting--
		a.outcomes = append(a.outcomes, word(err))
	})
}

func word(err error) string {
	if b := (brokenError{}); errors.As(err, &b) {
		return "failed"
	}
	if err != nil {
		return err.Error()
	}
	return "done"
}

// told is what the owner knows.
func (a *asked) told() string {
	turns(a, a.ev, 2)
	s := strings.Join(a.outcomes, ", ")
	if a.waiting > 0 {
		s = "waits"
	}
	return s
}

// row ends a connection of which one level behaves as it should not, or does, and
// tells what happens: at once, when what was postponed resumes and, after a
// failure, the peer's end is read; and at Close.
func row(t *testing.T, how ask, level string, o answer) string {
	a := &asked{tower: newTower(t, tsocket.LayerConfig{})}
	for _, step := range how.steps {
		a.level(level).script[step] = o
	}
	how.start(a)
	first, told := a.calls(), a.told()
	for l := a.level(level); len(l.held) > 0; {
		l.resume(nil)
	}
	later := a.calls()
	if o == breaks && !a.over() {
		a.readEnd()
		later = strings.TrimSpace(later + " *end read* " + a.calls())
	}
	if end := a.told(); end != told {
		told += ", then " + end
	}
	flags := a.s.Flags().String()
	a.s.Close()
	last := a.calls()
	if !a.over() {
		t.Errorf("%s, %s %v: not everything was released", how.name, level, o)
	}
	return fmt.Sprintf("| %s | %s | %v | %s | %s | %s | %s | %s |\n", how.name, level, o, first, later, told, flags, last)
}

func TestEveryEndOfEveryLevelIsAsInTheTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("| asked | level | that step | at once | later | the owner is told | flags | at Close |\n|---|---|---|---|---|---|---|---|\n")
	for _, how := range asks {
		for _, level := range []string{"data", "ctrl", "sock"} {
			for o := finishes; o <= breaks; o++ {
				b.WriteString(row(t, how, level, o))
			}
		}
	}
	golden(t, "ends", b.String())
}

// golden compares a part of the page.
func golden(t *testing.T, name, got string) {
	t.Helper()
	page, err := os.ReadFile(layersPage)
	must(t, err)
	begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
	i, j := bytes.Index(page, []byte(begin)), bytes.Index(page, []byte(end))
	if i < 0 || j < i {
		t.Fatalf("%s has no place for %s", layersPage, name)
	}
	i += len(begin)
	if *update {
		must(t, os.WriteFile(layersPage, []byte(string(page[:i])+got+string(page[j:])), 0o644))
		return
	}
	if want := string(page[i:j]); got != want {
		t.Errorf("%s differs from %s (read the diff, then -update):\n%s", name, layersPage, got)
	}
}

// Who has given messages to a connection that fails does not wait for its end.
func TestMessagesInTheQueueFailWithTheConnection(t *testing.T) {
	a := &asked{tower: newTower(t, tsocket.LayerConfig{})}
	keepOutcome(a, a.s.Send([]byte("begun")))
	keepOutcome(a, a.s.Send([]byte("next")))
	if told := a.told(); told != "waits" {
		t.Fatalf("the scripted transport takes nothing, yet: %s", told)
	}
	a.data.script[tsocket.ShutRead] = breaks
	a.s.ShutdownRead().Ignore()
	if told := a.told(); told != "failed, failed" {
		t.Errorf("the messages: %s", told)
	}
}

// Both directions are the whole connection: what is left of it, a handler and bytes
// that nobody has read, holds neither the loop nor a buffer.
func TestNothingIsLeftWhenBothDirectionsAreShut(t *testing.T) {
	ev := teventtest.New(t)
	x, y := tsocket.Pipe(ev, tsocket.PipeConfig{})
	defer x.Close()
	defer y.Close()
	write(t, ev, x, "unread")
	done(t, ev, y.Peek(1))
	y.SetReadableHandler(func() {})
	done(t, ev, y.ShutdownRead())
	done(t, ev, y.ShutdownWrite())
	if b := y.Buffered(); b != nil {
		t.Errorf("%q is buffered", b)
	}
	must(t, ev.LoopWait())
}
