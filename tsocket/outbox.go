package tsocket

import (
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

const (
	// flushBytes and flushEntries are how much waits for the end of the turn.
	flushBytes   = 64 << 10
	flushEntries = 64
)

// outbox is the write direction: the messages in order, of which the transport
// has all that fit one transfer.
type outbox struct {
	write      Write
	head, tail *outOp
	entries    int // in the list
	bytes      int // not yet with the transport
	limits     Limits
	whole      bool // each message is a system call of its own
	writing    bool // a Write is with the transport
	starting   bool // StartWrite is on the stack
	spares     *spares
	queued     *ownQueued // nil until WritevQueue is used
	flush      tevent.Immediate
	drained    []*drainedOp
	seen       seen
}

func (x *outbox) push(o *outOp) {
	if x.tail == nil {
		x.head = o
	} else {
		x.tail.next = o
	}
	x.tail = o
	x.entries++
	x.bytes += o.size
}

// pop takes the head out.
func (x *outbox) pop() *outOp {
	o := x.head
	x.head, o.next = o.next, nil
	if x.head == nil {
		x.tail = nil
	}
	x.entries--
	x.bytes -= o.size - o.sent
	return o
}

// replace puts r in the place of the head o.
func (x *outbox) replace(o, r *outOp) {
	x.pop()
	r.next = x.head
	x.head = r
	if r.next == nil {
		x.tail = r
	}
	x.entries++
	x.bytes += r.size
}

// remove takes o out wherever it stands.
func (x *outbox) remove(o *outOp) {
	if x.head == o {
		x.pop()
		return
	}
	p := x.head
	for p.next != o {
		p = p.next
	}
	p.next, o.next = o.next, nil
	if x.tail == o {
		x.tail = p
	}
	x.entries--
	x.bytes -= o.size - o.sent
}

// buffers gathers what is left of the messages up to the next shutdown, or the
// next that stands alone.
func (x *outbox) buffers(w *Write) [][]byte {
	w.bufs = w.bufs[:0]
	for o := x.head; o != nil && o.kind != outShutdown && len(w.bufs) < sys.MaxBufs; o = o.next {
		alone := x.alone(o)
		if alone && o != x.head {
			break
		}
		w.bufs = o.pieces(w.bufs, sys.MaxBufs)
		if alone {
			break
		}
	}
	return w.bufs
}

// alone reports whether o is not sent together with others.
func (x *outbox) alone(o *outOp) bool { return x.whole || o.rights != nil }

// busy reports whether a message of the user's is in the list; a handshake's own
// stand before all of those.
func (x *outbox) busy() bool { return x.head != nil && x.tail.kind != outHandshake }

// resting reports whether nothing but the end of a message that nobody waits for
// is in the list.
func (x *outbox) resting() bool { return x.head != nil && x.head == x.tail && x.head.kind == outRest }

// empty reports whether there is nothing to send before the next shutdown.
func (x *outbox) empty() bool { return x.head == nil || x.head.kind == outShutdown }
