//go:build linux

package tsocket_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// story is an end in which several things happen. Each line begins with what a
// level will postpone, as "data: shutw", or is a verb of teller.
type story struct {
	name  string
	lines []string
}

var stories = []story{
	{"shutw waits at data when shutr comes", []string{"data: shutw", "shutw", "shutr", "data goes on"}},
	{"shutr waits at data when shutw comes", []string{"data: shutr", "shutr", "shutw", "data goes on"}},
	{"shutw waits at ctrl when shutr comes", []string{"ctrl: shutw", "shutw", "shutr", "ctrl goes on"}},
	{"shutw waits at data, is done, and shutr comes later", []string{"data: shutw", "shutw", "data goes on", "shutr"}},
	{"who asked for shutw cancels", []string{"data: shutw", "shutw", "cancel shutw", "data goes on", "close"}},
	{"who asked for shutw has no time", []string{"ctrl: shutw", "shutw", "expire shutw", "ctrl goes on", "close"}},
	{"who asked for shutw cancels, and shutr comes", []string{"data: shutw", "shutw", "cancel shutw", "shutr", "data goes on"}},
	{"who asked for shutr cancels, and the step fails", []string{"data: shutr", "shutr", "cancel shutr", "data breaks"}},
	{"close comes while shutw waits", []string{"data: shutw", "shutw", "close", "data goes on"}},
	{"close comes while shutw waits, for longer than it may", []string{"data: shutw", "shutw", "close", "linger ends"}},
	{"close comes while shutw waits, and the context is closed", []string{"data: shutw", "shutw", "close", "context ends"}},
	{"abort comes while shutw waits", []string{"data: shutw", "shutw", "abort"}},
	{"shutw waits and fails when shutr waits too", []string{"data: shutw", "data: shutr", "shutw", "shutr", "data breaks", "data goes on"}},
	{"shutw waits and fails, the owner reads to the end", []string{"data: shutw", "shutw", "data breaks", "read to the end"}},
	{"shutw waits and fails, the owner closes", []string{"data: shutw", "shutw", "data breaks", "close"}},
	{"disconnect waits, and who asked cancels", []string{"ctrl: close", "disconnect", "cancel disconnect", "ctrl goes on"}},
	{"disconnect waits, and close comes", []string{"data: shutw", "disconnect", "close", "data goes on"}},
	{"the layer fails by itself", []string{"layer fails", "read to the end", "close"}},
	{"the layer fails by itself, and shutr comes", []string{"layer fails", "shutr"}},
}

// teller tells a story.
type teller struct {
	*tower
	waiting map[string]func(cancel bool) // by what was asked for
	said    []string
	out     strings.Builder
}

func (st story) tell(t *testing.T) string {
	w := &teller{tower: newTower(t, tsocket.LayerConfig{Linger: time.Millisecond}), waiting: map[string]func(bool){}}
	fmt.Fprintf(&w.out, "%s\n", st.name)
	for _, line := range st.lines {
		if level, step, holds := strings.Cut(line, ": "); holds {
			w.level(level).script[stepNamed(step)] = postpones
			continue
		}
		w.do(line)
		fmt.Fprintf(&w.out, "  %-18s %s\n", line, w.calls())
		if len(w.said) > 0 {
			fmt.Fprintf(&w.out, "  %18s %s\n", "", strings.Join(w.said, ", "))
			w.said = nil
		}
		fmt.Fprintf(&w.out, "  %18s %v\n", "", bitsOf(w.s))
	}
	w.s.Close()
	if !w.over() {
		t.Errorf("%s: not everything was released", st.name)
	}
	return w.out.String() + "\n"
}

// bitsOf is how far each step has come at data, ctrl and sock, as the stream tells
// it: a step that it names alone is completed, one that it does not name is not
// desired.
func bitsOf(s *tsocket.Stream) string {
	levels := strings.Split(s.String(), "; ")
	var steps []string
	for _, step := range []tsocket.ShutStep{tsocket.ShutRead, tsocket.ShutWrite, tsocket.ShutClose} {
		text := step.String()
		for _, level := range []string{"data ", "ctrl ", "sock: "} {
			text += " " + bitsAt(levels, level, step.String())
		}
		steps = append(steps, text)
	}
	return strings.Join(steps, "  ")
}

func bitsAt(levels []string, level, step string) string {
	i := slices.IndexFunc(levels, func(l string) bool { return strings.HasPrefix(l, level) })
	if i < 0 {
		return "00"
	}
	for _, word := range strings.Fields(levels[i]) {
		if name, bits, _ := strings.Cut(word, "="); name == step {
			return cmp.Or(bits, "01")
		}
	}
	return "00"
}

func stepNamed(name string) tsocket.ShutStep {
	all := []tsocket.ShutStep{tsocket.ShutRead, tsocket.ShutWrite, tsocket.ShutClose}
	return all[slices.IndexFunc(all, func(x tsocket.ShutStep) bool { return x.String() == name })]
}

func (w *teller) do(line string) {
	who, what, _ := strings.Cut(line, " ")
	switch {
	case line == "shutw":
		waitFor(w, line, w.s.ShutdownWrite())
	case line == "shutr":
		waitFor(w, line, w.s.ShutdownRead())
	case line == "disconnect":
		waitFor(w, line, w.s.Disconnect())
	case line == "close":
		w.said = append(w.said, "close says "+word(w.s.Close()))
	case line == "abort":
		w.said = append(w.said, "abort says "+word(w.s.Abort()))
	case line == "read to the end":
		w.readEnd()
	case line == "layer fails":
		w.top.Fail(brokenError{"data"})
	case line == "linger ends":
		for !w.over() {
			turns(w, w.ev, 1)
		}
	case line == "context ends":
		must(w, w.ev.Close())
		return
	case who == "cancel" || who == "expire":
		w.waiting[what](who == "cancel")
	case what == "goes on":
		w.level(who).resume(nil)
	case what == "breaks":
		w.level(who).resume(brokenError{who})
	}
	turns(w, w.ev, 2)
}

// waitFor says how a request ends, when it does.
func waitFor[T any](w *teller, what string, r tevent.Req[T]) {
	r.SetCallback(func(r tevent.Req[T]) {
		_, err := r.Result()
		told := word(err)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			told = "timed out"
		}
		w.said = append(w.said, what+" "+told)
	})
	w.waiting[what] = func(cancel bool) {
		if !cancel {
			r.SetTimeout(0)
			turns(w, w.ev, 2)
		} else if !r.Cancel() {
			w.Error("the request cannot be cancelled")
		}
	}
}

func TestWhatIsRetainedIsNeverLost(t *testing.T) {
	var b strings.Builder
	b.WriteString("```\n")
	for _, st := range stories {
		b.WriteString(st.tell(t))
	}
	golden(t, "stories", strings.TrimSuffix(b.String(), "\n")+"```\n")
}
