package tevent

import (
	"fmt"
	"iter"
	"time"
)

// Kind is what the context keeps books about.
type Kind uint8

const (
	KindRequest   Kind = iota // a request that has not ended
	KindTimer                 // an armed timer
	KindFD                    // an open descriptor
	KindMapping               // mapped memory
	KindEntry                 // an entry of a queue
	KindBuffer                // a lent or borrowed buffer
	KindTurn                  // a turn of the loop; in traces only
	KindImmediate             // a scheduled immediate; in traces only
	KindSignal                // a signal handler
	KindPost                  // a posted function; in traces only
	kinds
)

var kindNames = [...]string{"request", "timer", "fd", "mapping", "queue entry", "buffer",
	"turn", "immediate", "signal", "post"}

// String is the kind's name, such as "queue entry".
func (k Kind) String() string { return kindNames[k] }

// Item is one line of the books.
type Item struct {
	Kind    Kind
	Name    string
	State   State         // of a request
	Age     time.Duration // of a request, in turns' time
	Created string        // file:line, if the context tracks
	Depth   int           // of a request: 0 without a parent, else one more than the parent's
	Count   int           // 1; of a line for what was not tracked, how many
	Detail  fmt.Stringer  // what it says of itself, to be asked on the loop; nil: nothing
}

// String is the line for people: kind, name, state of a request, place.
func (i Item) String() string {
	s := i.Kind.String() + " " + i.Name
	if i.Kind == KindRequest {
		s += " (" + i.State.String() + ")"
	}
	if i.Created != "" {
		s += " created at " + i.Created
	}
	return s
}

// Holding is an entry of the books, for transports and others that hold
// descriptors, mappings or buffers. The zero Holding is none.
type Holding struct {
	ev   *Context
	kind Kind
	line *line // nil unless the context tracks or is traced
}

// heldList counts one kind and lists it while the context tracks or is traced.
type heldList struct {
	n     int
	lines *line
}

type line struct {
	kind       Kind
	name       string
	detail     fmt.Stringer
	created    place
	prev, next *line

	// Of an event that was told to the trace.
	id  uint64 // 0: it was not
	tag uint64
	fd  int
}

// SetTracking records from now on where things are created and finished, at
// 130 to 190 ns each. It is off in a new context; teventtest turns it on.
func (ev *Context) SetTracking(on bool) {
	ev.tracking = on
	ev.listing = on || ev.trace != nil
}

// Tracking reports whether places are recorded.
func (ev *Context) Tracking() bool { return ev.tracking }

// Hold enters something into the books until Release.
func (ev *Context) Hold(k Kind, name string) Holding {
	ev.held[k].n++
	h := Holding{ev, k, nil}
	if ev.listing {
		h.line = ev.list(k, name)
	}
	return h
}

// Describe lets the entry say more of itself, as long as it is listed.
func (h *Holding) Describe(d fmt.Stringer) {
	if h.line != nil {
		h.line.detail = d
	}
}

// list makes a line of its own for something that is held.
func (ev *Context) list(k Kind, name string) *line {
	h := &ev.held[k]
	l := &line{kind: k, name: name, next: h.lines, fd: -1}
	if ev.tracking {
		l.created = here()
	}
	if h.lines != nil {
		h.lines.prev = l
	}
	h.lines = l
	return l
}

// Release takes the entry out of the books; a second call does nothing.
func (h *Holding) Release() {
	if h.ev != nil {
		h.release()
	}
}

func (h *Holding) release() {
	held := &h.ev.held[h.kind]
	held.n--
	if l := h.line; l != nil {
		if l.prev != nil {
			l.prev.next = l.next
		} else {
			held.lines = l.next
		}
		if l.next != nil {
			l.next.prev = l.prev
		}
		h.ev.detach(l)
	}
	*h = Holding{}
}

// Items lists what the books of the context hold: every request that has not
// ended, parents before children, and what was not released. What was entered
// without tracking is one line for each kind.
func (ev *Context) Items() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		if ev.yieldRequests(&ev.roots, 0, yield) {
			ev.yieldHeld(yield)
		}
	}
}

// Held lists the part of Items that are no requests.
func (ev *Context) Held() iter.Seq[Item] { return ev.yieldHeld }

func (ev *Context) yieldRequests(l *list, depth int, yield func(Item) bool) bool {
	for c := l.head; c != nil; c = c.next {
		it := Item{Kind: KindRequest, Name: c.label(), State: c.state, Age: time.Duration(ev.now - c.started), Depth: depth, Count: 1}
		if c.side != nil {
			it.Created = ev.named(c.side.created)
		}
		if !yield(it) || c.side != nil && !ev.yieldRequests(&c.side.kids, depth+1, yield) {
			return false
		}
	}
	return true
}

func (ev *Context) yieldHeld(yield func(Item) bool) {
	for k := range ev.held {
		if Kind(k) == KindImmediate {
			continue // it goes by itself
		}
		n := ev.held[k].n
		for l := ev.held[k].lines; l != nil; l = l.next {
			n--
			if !yield(Item{Kind: Kind(k), Name: l.name, Created: ev.named(l.created), Count: 1, Detail: l.detail}) {
				return
			}
		}
		if n > 0 && !yield(Item{Kind: Kind(k), Name: fmt.Sprintf("%d, not tracked", n), Count: n}) {
			return
		}
	}
}
