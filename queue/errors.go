package queue

import "errors"

// How a queue ends the requests of jobs that it does not start.
var (
	// ErrFull: the queue has as many entries or bytes as its Limits allow.
	ErrFull = errors.New("queue: full")
	// ErrClosed: the queue was closed.
	ErrClosed = errors.New("queue: closed")
)
