package tevent

import (
	"context"
	"errors"
	"os"
)

// What a request or a context can say about itself.
var (
	// ErrInProgress: the outcome is not there yet.
	ErrInProgress = errors.New("tevent: request in progress")
	// ErrStale: the request has ended; this handle was kept too long.
	ErrStale = errors.New("tevent: request has ended")
	// ErrNoRequest: the zero Req.
	ErrNoRequest = errors.New("tevent: no request")
	// ErrClosed: the context was closed.
	ErrClosed = errors.New("tevent: context closed")
	// ErrNested: a loop was run inside a callback of the same loop.
	ErrNested = errors.New("tevent: loop run inside a callback")
)

// ErrDeadline is the error of a request whose deadline has come. errors.Is
// finds os.ErrDeadlineExceeded and context.DeadlineExceeded in it, and its
// Timeout method reports true.
var ErrDeadline error = deadlineError{}

type deadlineError struct{}

func (deadlineError) Error() string   { return "deadline exceeded" }
func (deadlineError) Timeout() bool   { return true }
func (deadlineError) Temporary() bool { return true }
func (deadlineError) Is(target error) bool {
	return target == os.ErrDeadlineExceeded || target == context.DeadlineExceeded
}

// The causes that a cancel function is told.
var (
	errDropped     error = cause("request dropped")
	errParentEnded error = cause("parent request has ended")
)

// cause is a cancellation by the library.
type cause string

func (c cause) Error() string        { return "tevent: " + string(c) }
func (c cause) Is(target error) bool { return target == context.Canceled }

// PanicError is the error of a request whose step panicked while the context
// had an OnPanic function that chose to go on.
type PanicError struct {
	Value any    // of the panic
	Stack []byte // of the goroutine at the panic
}

// Error does not repeat the value, which may be anything.
func (e *PanicError) Error() string { return "tevent: a step of the request panicked" }
