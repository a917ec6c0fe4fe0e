//go:build linux

package tsocket_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// facts are the thirteen that a connection keeps and shows only to people.
var facts = []struct{ level, word string }{
	{"sock", "ready"},
	{"ctrl", "initialized"}, {"ctrl", "connected"}, {"ctrl", "done"}, {"ctrl", "failed"}, {"ctrl", "shutr"}, {"ctrl", "shutw"},
	{"data", "initialized"}, {"data", "connected"}, {"data", "done"}, {"data", "failed"}, {"data", "shutr"}, {"data", "shutw"},
}

// life is a connection whose layers are set up step by step.
type life struct {
	*tower
	below *tsocket.Stream // the stream that the next layer is laid on
	layer *tsocket.Layer  // the latest
}

// lay is the next layer of a life.
func (l *life) lay(cfg tsocket.LayerConfig, role tsocket.Role) {
	cfg.Name, cfg.Role = "x", role
	layer, err := cfg.Lay(l.below, map[tsocket.Role]*scripted{tsocket.DataLayer: l.data, tsocket.CtrlLayer: l.ctrl}[role])
	must(l, err)
	l.layer = layer
}

func (l *life) hand() {
	l.s = l.layer.Done(tsocket.Address{}, tsocket.Address{})
	l.below = l.s
}

// moment is what happens to a connection.
type moment struct {
	did string
	do  func(l *life)
}

// lives are connections from their first layer on.
var lives = [][]moment{
	{
		{"ctrl is laid", func(l *life) { l.lay(tsocket.LayerConfig{}, tsocket.CtrlLayer) }},
		{"ctrl: Connected", func(l *life) { l.layer.Connected() }},
		{"ctrl: Done", (*life).hand},
		{"data is laid", func(l *life) { l.lay(tsocket.LayerConfig{}, tsocket.DataLayer) }},
		{"data: Connected", func(l *life) { l.layer.Connected() }},
		{"data: Done", (*life).hand},
		{"shutw, which waits at ctrl", func(l *life) {
			l.ctrl.script[tsocket.ShutWrite] = postpones
			l.s.ShutdownWrite().Ignore()
		}},
		{"it goes on", func(l *life) { l.ctrl.resume(nil) }},
		{"shutr, and the close of ctrl waits", func(l *life) {
			l.ctrl.script[tsocket.ShutClose] = postpones
			l.s.ShutdownRead().Ignore()
		}},
		{"it goes on", func(l *life) { l.ctrl.resume(nil) }},
	},
	{
		{"accepted, ctrl is laid", func(l *life) { l.lay(tsocket.LayerConfig{Accepted: true}, tsocket.CtrlLayer) }},
		{"ctrl: Done", (*life).hand},
		{"data is laid, and fails", func(l *life) {
			l.lay(tsocket.LayerConfig{}, tsocket.DataLayer)
			l.data.script[tsocket.ShutClose] = postpones
			l.layer.Fail(brokenError{"data"})
		}},
		{"its close goes on", func(l *life) { l.data.resume(nil) }},
	},
	{
		{"accepted, ctrl is laid", func(l *life) { l.lay(tsocket.LayerConfig{Accepted: true}, tsocket.CtrlLayer) }},
		{"it fails", func(l *life) { l.layer.Fail(brokenError{"ctrl"}) }},
	},
	{
		{"data is laid, without ctrl", func(l *life) { l.lay(tsocket.LayerConfig{}, tsocket.DataLayer) }},
		{"data: Done", (*life).hand},
		{"shutr, which waits at sock", func(l *life) {
			l.sock.script[tsocket.ShutRead] = postpones
			l.s.ShutdownRead().Ignore()
		}},
		{"it goes on", func(l *life) { l.sock.resume(nil) }},
		{"close", func(l *life) { must(l, l.s.Close()) }},
	},
}

// live goes through one life and writes the facts at each moment; seen learns
// which of them were false and true.
func live(t *testing.T, b *strings.Builder, moments []moment, seen *[13][2]bool) {
	w := &tower{TB: t, ev: teventtest.New(t)}
	w.data, w.ctrl, w.sock = w.scripted("data"), w.scripted("ctrl"), w.scripted("sock")
	l := &life{tower: w, below: tsocket.NewStream(w.ev, w.sock, tsocket.Address{}, tsocket.Address{})}
	for _, m := range moments {
		m.do(l)
		turns(t, l.ev, 2)
		state, rest, _ := strings.Cut(l.layer.String(), "; ")
		fmt.Fprintf(b, "| %s | %s |", m.did, state)
		for i, f := range facts {
			n, mark := 0, ""
			if holds(rest, f.level, f.word) {
				n, mark = 1, "Y"
			}
			seen[i][n] = true
			fmt.Fprintf(b, " %s |", mark)
		}
		b.WriteString("\n")
	}
}

// holds reports whether a word is said of a level.
func holds(levels, level, word string) bool {
	for part := range strings.SplitSeq(levels, "; ") {
		if who, words, _ := strings.Cut(part, ":"); strings.HasPrefix(who, level) {
			return strings.Contains(words+" ", " "+word+" ")
		}
	}
	return false
}

func TestEveryFactAboutALevelIsSetAndNotSet(t *testing.T) {
	var b strings.Builder
	b.WriteString("| | connection |")
	for _, f := range facts {
		fmt.Fprintf(&b, " %s %s |", f.level, f.word)
	}
	b.WriteString("\n" + strings.Repeat("|---", 2+len(facts)) + "|\n")
	var seen [13][2]bool
	for _, moments := range lives {
		live(t, &b, moments, &seen)
	}
	for i, f := range facts {
		if !seen[i][0] || !seen[i][1] {
			t.Errorf("%s %s was never both set and not set", f.level, f.word)
		}
	}
	golden(t, "facts", b.String())
}
