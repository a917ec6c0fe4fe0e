package main

import (
	"fmt"
	"slices"
	"strings"
)

// counts are what has happened in a room.
type counts struct {
	clients, refused int
	lines            int // that clients said
	lost             int // that did not come to somebody, of all
}

func (c counts) String() string {
	return fmt.Sprintf("%d clients, %d refused, %d lines, %d lost", c.clients, c.refused, c.lines, c.lost)
}

// room is who is connected, in the order of their coming. It is owned by the loop.
type room struct {
	members []*member
	counts  counts
	closed  bool // nobody needs to know any more who leaves
}

// forget takes m out, who is gone.
func (r *room) forget(m *member) {
	if i := slices.Index(r.members, m); i >= 0 {
		r.members = slices.Delete(r.members, i, i+1)
	}
}

// tell says a line to everybody who is present, but one. All of them share its
// bytes.
func (r *room) tell(but *member, text string) {
	line := []byte(text + "\n")
	for _, m := range r.members {
		if m != but && m.present() && !r.closed {
			m.send(line)
		}
	}
}

func (r *room) taken(name string) bool {
	return slices.ContainsFunc(r.members, func(m *member) bool { return m.present() && m.name == name })
}

// shown is how many names fit into a line.
const shown = 50

func (r *room) who() string {
	var names []string
	for _, m := range r.members {
		if m.present() {
			names = append(names, m.name)
		}
	}
	n := len(names)
	if n > shown {
		names = append(names[:shown], "…")
	}
	return fmt.Sprintf("%d here: %s", n, strings.Join(names, ", "))
}
