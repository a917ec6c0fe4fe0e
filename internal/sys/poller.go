package sys

import "math"

// Poller tells which descriptors have become ready, and sleeps when none is.
// It belongs to one event context; only Wake is safe from any goroutine.
//
// In Edge mode each change to ready after Add or Want is reported at least
// once; spurious reports are allowed, but what was reported and stays as it is
// does not end one Wait after the other. A Poller may forget a direction when it
// has reported it: who found it not ready says Want again. In Level mode a
// condition that was asked for is reported by every Wait until it is gone.
type Poller interface {
	// Add registers fd under token. Edge: reading, urgent data and the peer's
	// close are watched from now on, writing from the first Want(Out) on.
	// Level: nothing is watched until Want. EEXIST: fd is registered already.
	Add(fd int, token uint64, mode Mode) Errno
	// Want asks for dir. Edge: adds to what is watched; what is ready at that
	// time may be reported, and is if it was not before. It is free where it is
	// watched already. Level: replaces what is watched.
	Want(fd int, token uint64, dir Ready) Errno
	// Keeps reports whether In stays watched in Edge mode when it has been
	// reported, so that nobody has to want it again. It may change in a call that
	// replaces the mechanism; that watches all that is registered anew.
	Keeps() bool
	// Del forgets fd; it comes before the descriptor is closed. Events of
	// token that Wait has returned already are the caller's to drop.
	Del(fd int, token uint64) Errno
	// Wait fills events and returns how many there are. It sleeps until there
	// is one, deadline (of Kernel.Now) has come or Wake was called; a deadline
	// in the past only looks. 0 events and errno 0 is a time-out or a Wake.
	Wait(events []Event, deadline int64) (int, Errno)
	// Wake ends the sleep of the present Wait, or of the next.
	Wake()
	// Close releases the poller's own descriptors.
	Close()
}

// Never is the deadline of a Wait that only an event or Wake ends.
const Never int64 = math.MaxInt64

// Mode is how readiness of a descriptor is reported.
type Mode uint8

const (
	Edge  Mode = iota // changes; for the driver's sockets
	Level             // conditions; for FD events
)

// Ready is a set of conditions of a descriptor.
type Ready uint8

const (
	In        Ready = 1 << iota // bytes, a connection or the end can be read
	Out                         // bytes can be written
	Urgent                      // urgent data
	PeerClose                   // the peer shut down its write side (RDHUP)
	Hangup                      // both directions are closed
	Error                       // an error is waiting in SO_ERROR
	Invalid                     // what was registered is no open descriptor any more (POLLNVAL); not every Poller can tell
)

// Event says that what is registered under Token became Ready.
type Event struct {
	Token uint64
	Ready Ready
}
