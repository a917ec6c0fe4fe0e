package tsocket

import (
	"encoding/binary"
	"slices"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/tevent"
)

// outKind is what an entry of the outbox is.
type outKind uint8

const (
	outWritev    outKind = iota // alone in the outbox
	outSend                     // queued
	outShutdown                 // ends the direction when it comes to the front
	outRest                     // the end of a cancelled message; nobody waits for it
	outQueued                   // its turn has come in a queue of the user's
	outTry                      // taken at once, as far as there is room; nobody waits for it
	outHandshake                // a gate's; the user's messages may follow at once
	outRights                   // queued, with descriptors
)

// outOp is one entry of the outbox: a message and the request that completes
// when its last byte is with the transport.
type outOp struct {
	tevent.Op[int]
	s     *Stream
	next  *outOp
	home  *spares
	bufs  [][]byte
	store [2][]byte // room for most bufs
	i, k  int       // the next byte is bufs[i][k]
	sent  int
	size  int
	kind  outKind
	stop  func(error) bool

	rights []int // to travel with the first byte; its own
	head   [frameHead]byte
	lead   int // bytes of a frame's length, in front of the message
}

// verbs name the operation in errors and requests.
var verbs = [...]string{outWritev: "writev", outSend: "send", outShutdown: "shutdown", outRest: "send", outQueued: "writev", outTry: "writev", outHandshake: "send", outRights: "send rights"}

// spares are the operations that the streams of one loop keep for later
// messages: few, which stay in the processor's cache, rather than some for each
// stream. A stream that joins another loop uses that one's, while results it
// left behind are received.
type spares struct {
	head *outOp
	n    int
}

// spareMost bounds what a burst leaves behind.
const spareMost = 4096

// sparesOf are the loop's.
func sparesOf(l *driver.Loop) *spares {
	x, ok := l.Spares.(*spares)
	if !ok {
		x = &spares{}
		l.Spares = x
	}
	return x
}

// take is an operation that is free.
func (x *spares) take() *outOp {
	o := x.head
	if o == nil {
		o = &outOp{home: x}
		o.stop = o.cancel
		o.SetFree(o.recycle)
		return o
	}
	x.head, o.next = o.next, nil
	x.n--
	return o
}

// recycle keeps the operation for the next message of whatever stream.
func (o *outOp) recycle() {
	x := o.home
	o.s = nil
	if x.n < spareMost {
		o.next, x.head = x.head, o
		x.n++
	}
}

// newOut is a started operation with a message; n is its length.
func (s *Stream) newOut(kind outKind, bufs [][]byte, n int) *outOp {
	o := s.out.spares.take()
	o.Start(s.ev, verbs[kind])
	o.s, o.kind, o.size, o.lead, o.sent, o.i, o.k = s, kind, n, 0, 0, 0, 0
	o.bufs = append(o.store[:0], bufs...)
	return o
}

// frame puts the length of the message in front of it.
func (o *outOp) frame() {
	binary.BigEndian.PutUint32(o.head[:], uint32(o.size))
	o.bufs = slices.Insert(o.bufs, 0, o.head[:])
	o.lead = frameHead
	o.size += frameHead
}

// pieces appends what is left of the message to bufs, at most max pieces. A
// piece that lies right behind the one before it in memory makes it longer.
func (o *outOp) pieces(bufs [][]byte, max int) [][]byte {
	k := o.k
	for _, b := range o.bufs[o.i:] {
		b, k = b[k:], 0
		switch {
		case len(b) == 0:
		case join(bufs, b):
		case len(bufs) == max:
			return bufs
		default:
			bufs = append(bufs, b)
		}
	}
	return bufs
}

// join extends the last of bufs over b, if b is what follows it in memory.
func join(bufs [][]byte, b []byte) bool {
	if len(bufs) == 0 {
		return false
	}
	last := &bufs[len(bufs)-1]
	n := len(*last)
	if cap(*last)-n < len(b) || &(*last)[:n+1][n] != &b[0] {
		return false
	}
	*last = (*last)[:n+len(b)]
	return true
}

// advance counts up to n bytes as sent and returns how many of them were this
// message's.
func (o *outOp) advance(n int) int {
	if rest := o.size - o.sent; n >= rest {
		o.sent = o.size
		return rest // most often; nobody asks for the place of the next byte
	}
	o.sent += n
	for left := n; left > 0; {
		b := len(o.bufs[o.i]) - o.k
		if left < b {
			o.k += left
			break
		}
		left -= b
		o.i, o.k = o.i+1, 0
	}
	return n
}

// finish ends the request with the count.
func (o *outOp) finish(err error) {
	o.dropRights()
	if len(o.bufs) <= len(o.store) {
		o.store = [2][]byte{} // cheaper than clear, which asks the collector
	} else {
		clear(o.bufs)
	}
	switch o.kind {
	case outRest:
		return
	case outTry:
		o.s.tries.failed = err
		return
	}
	o.Finish(max(0, o.sent-o.lead), o.s.wrap(verbs[o.kind], err))
}

// ended is the outcome of a shutdown.
func (o *outOp) ended(err error) { o.finish(err) }

// cancel ends a waiting message at once. One that was begun in the queue is
// never torn: its rest is copied and goes first.
func (o *outOp) cancel(cause error) bool {
	s, x := o.s, &o.s.out
	if s.unask(o) {
		o.finish(cause)
		return true
	}
	s.stopWrite()
	if o.kind != outWritev && o.sent > 0 {
		x.replace(o, o.rest())
	} else {
		x.remove(o)
	}
	o.finish(cause)
	s.startWrite()
	s.checkDrained()
	return true
}

// dropRights closes the descriptors that were to travel with the message, or
// have.
func (o *outOp) dropRights() {
	if o.rights != nil {
		closeAll(o.s.last.Driver().Kernel, o.rights)
		o.rights = nil
	}
}

// rest is what is left of a message, in memory of its own.
func (o *outOp) rest() *outOp {
	r := &outOp{s: o.s, kind: outRest, size: o.size - o.sent}
	r.bufs = [][]byte{slices.Concat(o.pieces(nil, len(o.bufs))...)}
	return r
}
