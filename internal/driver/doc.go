// Package driver turns readiness into completion. A Loop belongs to one event
// context; a Sock is a registered descriptor on it; an IO is one receive,
// send, accept or connect that finishes in place or later, through its owner.
// Streams and listeners know only this package, never the Poller, so that a
// completion-based kernel interface can take its place.
//
// Everything here is owned by the loop's goroutine.
package driver
