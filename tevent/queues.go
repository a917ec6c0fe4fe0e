package tevent

import (
	"iter"
	"slices"
	"time"
	"weak"
)

// Queue is what a context can tell about a queue. Its methods are safe from any
// goroutine.
type Queue interface {
	Name() string
	Length() int        // entries, those at work included
	Bytes() int         // the sum of their sizes
	Age() time.Duration // since the first of them was started; 0: it is empty
}

// Listing is the place of a queue among those of its context. The zero Listing
// is none.
type Listing struct {
	q *func() Queue
}

// Enlist makes q one of ev.Queues until Delist, or until nobody else has it any
// more: the context does not keep it. It costs 0.2 µs once for each queue and
// nothing for what passes through it.
func Enlist[T any, Q interface {
	*T
	Queue
}](ev *Context, q Q) Listing {
	p := weak.Make((*T)(q))
	find := func() Queue {
		if t := p.Value(); t != nil {
			return Q(t)
		}
		return nil
	}
	ev.enlist(&find)
	return Listing{&find}
}

// enlist appends q, and forgets what has gone as often as the list has doubled,
// in a list of its own: somebody may be going through the old one.
func (ev *Context) enlist(q *func() Queue) {
	if len(ev.queues) >= ev.sweepAt {
		ev.queues = slices.DeleteFunc(slices.Clone(ev.queues), func(q *func() Queue) bool { return *q == nil || (*q)() == nil })
		ev.sweepAt = 2*len(ev.queues) + 16
	}
	ev.queues = append(ev.queues, q)
}

// Delist takes the queue out of the list; a second call does nothing.
func (l *Listing) Delist() {
	if l.q != nil {
		*l.q = nil
		l.q = nil
	}
}

// Queues are the listed queues of the context, the oldest first.
func (ev *Context) Queues() iter.Seq[Queue] {
	return func(yield func(Queue) bool) {
		for _, find := range ev.queues {
			if *find == nil {
				continue
			}
			if q := (*find)(); q != nil && !yield(q) {
				return
			}
		}
	}
}
