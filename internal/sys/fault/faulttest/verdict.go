package faulttest

import (
	"errors"
	"os"
)

// Verdict is what a cell has to come to.
type Verdict uint8

const (
	Succeeds  Verdict = iota
	Fails             // with the errno
	Waits             // until its deadline
	StopsLoop         // LoopOnce fails with the errno, and nothing else happens
	Ends              // well or not, but not by a failure of the loop
)

// LoopError is a failure of the loop, not of the request.
type LoopError struct{ Err error }

func (e LoopError) Error() string { return "the loop: " + e.Err.Error() }

// Unwrap is the cause.
func (e LoopError) Unwrap() error { return e.Err }

// Is reports whether err, of an operation during which errno was injected, is what
// the table says.
func (v Verdict) Is(err error, errno error) bool {
	var loop LoopError
	stopped := errors.As(err, &loop)
	switch v {
	case Succeeds:
		return err == nil
	case Waits:
		return errors.Is(err, os.ErrDeadlineExceeded)
	case StopsLoop:
		return stopped && errors.Is(err, errno)
	case Ends:
		return !stopped
	}
	return !stopped && errors.Is(err, errno)
}

func (v Verdict) String() string {
	return [...]string{"success", "the errno", "a deadline", "a failure of the loop", "an end"}[v]
}
