package tsocket

import (
	"sync/atomic"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

var _ tevent.Queue = (*outbox)(nil)

// seen is what other goroutines see of an outbox, as of its last flush.
type seen struct {
	entries, bytes atomic.Int64
	since          atomic.Int64                   // when the request of the head was started, Unix time in ns
	on             atomic.Pointer[tevent.Context] // where it is listed; nil: nowhere
	listing        tevent.Listing                 // owned by the loop
}

// publish lets other goroutines see the lengths. A stream of which something is
// left after a flush stands among the queues of its context from then on.
func (x *outbox) publish() {
	if x.seen.entries.Load() == int64(x.entries) && x.seen.bytes.Load() == int64(x.bytes) {
		return // a store costs more
	}
	x.seen.entries.Store(int64(x.entries))
	x.seen.bytes.Store(int64(x.bytes))
	if x.head == nil {
		return
	}
	if x.head.kind != outRest { // a rest is as old as the message that it was part of
		x.seen.since.Store(x.head.Started().UnixNano())
	}
	if ev := x.write.s.ev; ev != nil && x.seen.on.Load() == nil {
		x.seen.on.Store(ev)
		x.seen.listing = tevent.Enlist(ev, x)
	}
}

// delist takes the stream out of the queues of its context.
func (x *outbox) delist() {
	x.seen.listing.Delist()
	x.seen.on.Store(nil)
}

// Name tells a send queue by the peer. It is safe from any goroutine.
func (x *outbox) Name() string { return "send to " + x.write.s.remote.String() }

// Length is the number of messages. It is safe from any goroutine.
func (x *outbox) Length() int { return int(x.seen.entries.Load()) }

// Bytes is how many are not yet with the transport. It is safe from any
// goroutine.
func (x *outbox) Bytes() int { return int(x.seen.bytes.Load()) }

// Age is how long ago the request of the first message was started, 0 if there
// is none. It is safe from any goroutine.
func (x *outbox) Age() time.Duration {
	ev := x.seen.on.Load()
	if ev == nil || x.Length() == 0 {
		return 0
	}
	since := x.seen.since.Load() // first, so that it is not after now
	return time.Duration(ev.Now().UnixNano() - since)
}
