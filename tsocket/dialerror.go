package tsocket

import (
	"errors"
	"strings"
)

// DialError is all that went wrong in a Dial: why it was ended, if it was, and what
// name servers and addresses said.
type DialError struct {
	Errs []error
}

// dialError is cause with what was said before, the cause first; only one is itself.
func dialError(cause error, errs []error) error {
	if cause != nil {
		errs = append([]error{cause}, errs...)
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return &DialError{errs}
}

// Error is all of them in a line.
func (e *DialError) Error() string {
	texts := make([]string, len(e.Errs))
	for i, err := range e.Errs {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap lists them.
func (e *DialError) Unwrap() []error { return e.Errs }

// Timeout reports whether it was the time that ended it: the first of them.
func (e *DialError) Timeout() bool {
	var t interface{ Timeout() bool }
	return len(e.Errs) > 0 && errors.As(e.Errs[0], &t) && t.Timeout()
}
