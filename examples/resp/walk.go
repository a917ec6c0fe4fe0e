package main

import (
	"fmt"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// phase is what happens to the keys: commands, each about some of them, and what
// the reply to it has to be.
type phase struct {
	name    string
	each    int // keys of one command
	command func(first, n int) []string
	right   func(first, n int, v value) bool
}

// walk has the commands of a phase sent, many of them in flight, and completes
// with the time that took. It holds back while the send queue is full: whatever is
// in there brings a reply, and each reply lets it go on. Replies come in order, so
// it needs to know only how many have come.
type walk struct {
	tevent.Op[time.Duration]
	phase
	c          *client
	s          settings
	bar        *bar
	began      time.Time
	sent, done int // keys
	live       int // commands in flight
}

func walkKeys(c *client, p phase, s settings, b *bar) tevent.Req[time.Duration] {
	w := &walk{phase: p, c: c, s: s, bar: b, began: c.s.Context().Now()}
	w.Start(c.s.Context(), p.name)
	w.SetCleanup(w.over)
	b.begin(p.name, s.keys)
	w.fill()
	return w.Req()
}

// next is how many keys the command is about that begins with first.
func (w *walk) next(first int) int { return min(w.each, w.s.keys-first) }

func (w *walk) fill() {
	for w.live < w.s.depth && w.sent < w.s.keys {
		n := w.next(w.sent)
		command := encode(w.command(w.sent, n)...)
		if w.live > 0 && !w.c.Room(command) {
			return
		}
		w.live++
		w.sent += n
		tevent.Handle(w.c.Do(command).SetTimeout(w.s.timeout), w, (*walk).replied)
	}
}

func (w *walk) replied(v value, err error) {
	n := w.next(w.done)
	switch {
	case err != nil:
		w.Fail(fmt.Errorf("%s of key %d: %w", w.name, w.done, err))
		return
	case !w.right(w.done, n, v):
		w.Fail(fmt.Errorf("%s of key %d: the server answers %s", w.name, w.done, v))
		return
	}
	w.live--
	w.done += n
	w.bar.add(n)
	if w.done == w.s.keys {
		w.Done(w.c.s.Context().Now().Sub(w.began))
		return
	}
	w.fill()
}

func (w *walk) over(tevent.State) { w.bar.clear() }
