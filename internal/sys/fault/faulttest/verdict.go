package faulttest

import (
	"errors"
	"os"
	"strings"
)

// Verdict is what a cell has to come to: one of these, or one of several that are
// all right.
type Verdict uint8

const (
	Succeeds  Verdict = 1 << iota
	Fails             // with the errno
	Waits             // until its deadline
	StopsLoop         // LoopOnce fails with the errno, and nothing else happens
	Ends              // somehow, but not by a failure of the loop
)

// LoopError is a failure of the loop, not of the request.
type LoopError struct{ Err error }

func (e LoopError) Error() string { return "the loop: " + e.Err.Error() }

// Unwrap is the cause.
func (e LoopError) Unwrap() error { return e.Err }

// Is reports whether err, of an operation during which errno was injected, is what
// the table says.
func (v Verdict) Is(err error, errno error) bool { return v&of(err, errno) != 0 }

// of is all that err may be called.
func of(err, errno error) Verdict {
	var loop LoopError
	switch {
	case err == nil:
		return Succeeds | Ends
	case errors.As(err, &loop) && errors.Is(err, errno):
		return StopsLoop
	case errors.As(err, &loop):
		return 0
	case errors.Is(err, errno):
		return Fails | Ends
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Waits | Ends
	}
	return Ends
}

func (v Verdict) String() string {
	var words []string
	for i, w := range []string{"success", "the errno", "a deadline", "a failure of the loop", "an end"} {
		if v>>i&1 != 0 {
			words = append(words, w)
		}
	}
	return strings.Join(words, " or ")
}
