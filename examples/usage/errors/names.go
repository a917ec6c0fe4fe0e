package main

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
)

// targets are the errors that a user asks for, by their names.
var targets = []struct {
	name string
	err  error
}{
	{"`tevent.ErrDeadline`", tevent.ErrDeadline},
	{"`os.ErrDeadlineExceeded`", os.ErrDeadlineExceeded},
	{"`context.DeadlineExceeded`", context.DeadlineExceeded},
	{"`context.Canceled`", context.Canceled},
	{"`net.ErrClosed`", net.ErrClosed},
	{"`tevent.ErrClosed`", tevent.ErrClosed},
	{"`tevent.ErrInProgress`", tevent.ErrInProgress},
	{"`tevent.ErrStale`", tevent.ErrStale},
	{"`tevent.ErrNoRequest`", tevent.ErrNoRequest},
	{"`tevent.ErrNested`", tevent.ErrNested},
	{"`queue.ErrFull`", queue.ErrFull},
	{"`queue.ErrClosed`", queue.ErrClosed},
	{"`io.EOF`", io.EOF},
	{"`io.ErrUnexpectedEOF`", io.ErrUnexpectedEOF},
	{"`EPIPE`", syscall.EPIPE},
	{"`ECONNRESET`", syscall.ECONNRESET},
	{"`ECONNREFUSED`", syscall.ECONNREFUSED},
	{"`ECONNABORTED`", syscall.ECONNABORTED},
	{"`ENOTCONN`", syscall.ENOTCONN},
	{"`EADDRINUSE`", syscall.EADDRINUSE},
	{"`EBUSY`", syscall.EBUSY},
	{"`EALREADY`", syscall.EALREADY},
	{"`EINVAL`", syscall.EINVAL},
	{"the cause", errCause},
}

// errCause is what some rows cancel with.
var errCause = errors.New("bored")

// names lists the targets that err is, and the types that errors.As finds.
func names(err error) (found []string) {
	for _, t := range targets {
		if errors.Is(err, t.err) {
			found = append(found, t.name)
		}
	}
	if e := new(*readv.TooLongError); errors.As(err, e) {
		found = append(found, "a `*readv.TooLongError`")
	}
	if e := new(*tevent.PanicError); errors.As(err, e) {
		found = append(found, "a `*tevent.PanicError`")
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		found = append(found, "`Timeout()` is true")
	}
	return found
}
