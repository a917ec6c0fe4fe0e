package machine

import (
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// stage is a state of one side and a script that leads there.
type stage struct {
	role   wire.Role
	name   string
	script string // see world.play
	state  State
}

// second lets attempt 1 fail and starts attempt 2 of three rungs.
const second = "~ a- ~ p. a. ~ "

var stages = []stage{
	{wire.Active, "Greet", "", Greet},
	{wire.Active, "Hello", "p< p< a<", Hello},
	{wire.Active, "Try 1", "~", Try},
	{wire.Active, "Try 2", second, Try},
	{wire.Active, "Try 2, peer said OK", second + "p+ ~", Try},
	{wire.Active, "Said 2, OK", second + "a+", Said},
	{wire.Active, "Said 2, NEXT", second + "a-", Said},
	{wire.Active, "Release 2", second + "a- ~", Release},
	{wire.Active, "Commit", second + "p+ ~ a+", Commit},
	{wire.Active, "Up", second + "p+ a+ ~", Up},
	{wire.Active, "Ending", second + "a!", Ending},
	{wire.Active, "Down, half releases", second + "a! ~", Down},
	{wire.Active, "Down", second + "a! ~ a.", Down},
	{wire.Passive, "Greet", "", Greet},
	{wire.Passive, "Hello", "p<", Hello},
	{wire.Passive, "Idle 0", "p< p<", Idle},
	{wire.Passive, "Idle 1", "~ a- ~ p.", Idle},
	{wire.Passive, "Try 1", "~", Try},
	{wire.Passive, "Try 2", second, Try},
	{wire.Passive, "Try 2, peer said OK", second + "a+ ~", Try},
	{wire.Passive, "Said 2, OK", second + "p+", Said},
	{wire.Passive, "Said 2, NEXT", second + "p-", Said},
	{wire.Passive, "Release 2", second + "p- ~", Release},
	{wire.Passive, "Release 2, REQ 3 held", second + "p- ~ a. ~", Release},
	{wire.Passive, "Commit", second + "a+ ~ p+", Commit},
	{wire.Passive, "Up", second + "a+ p+ ~", Up},
	{wire.Passive, "Ending", second + "p!", Ending},
	{wire.Passive, "Down, half releases", second + "p! ~", Down},
	{wire.Passive, "Down", second + "p! ~ p.", Down},
}

// end returns the machine of a stage and what its shell knows.
func (s stage) end(t testing.TB) *end {
	t.Helper()
	w := scenario{active: archs, passive: archs}.world(t)
	w.play(s.script)
	e := &w.ends[s.role-1]
	if e.m.state != s.state {
		t.Fatalf("%v %s: script leads to %v", s.role, s.name, e.m.state)
	}
	return e
}

// play carries out a script: a or p is the side, < reads one frame, + is half
// done, - half failed, . half released, ! the deadline; ~ delivers everything.
func (w *world) play(script string) {
	for word := range strings.FieldsSeq(script) {
		if word == "~" {
			w.pump()
			continue
		}
		i := strings.IndexByte("ap", word[0])
		n := w.ends[i].m.try.n
		switch word[1] {
		case '<':
			w.deliver(i)
		case '+':
			w.event(i, HalfDone{Attempt: n})
		case '-':
			w.event(i, HalfFailed{Attempt: n})
		case '.':
			w.event(i, HalfReleased{n})
		case '!':
			w.event(i, Deadline{})
		}
	}
}

// run is pump with halves that are done, and released, at once.
func (w *world) run() {
	for more := true; more; {
		w.pump()
		more = false
		for i := range w.ends {
			e := &w.ends[i]
			switch e.half {
			case running:
				w.event(i, HalfDone{Attempt: e.m.try.n})
				more = true
			case releasing:
				w.event(i, HalfReleased{e.m.try.n})
				more = true
			}
		}
	}
}

// pump delivers until nothing is on its way.
func (w *world) pump() {
	for more := true; more; {
		more = false
		for i := range w.ends {
			if e := &w.ends[i]; len(e.inbox) > 0 && !e.closed && !e.up {
				more = true
				w.deliver(i)
			}
		}
	}
}
