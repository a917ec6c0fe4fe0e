package tsocket

import (
	"io"
	"net"
	"os"
	"syscall"
)

// EndError is the end of a stream. It is both io.EOF, or io.ErrUnexpectedEOF
// inside what was asked for, and syscall.EPIPE.
type EndError struct {
	Inside bool // what was asked for: some of it was there
}

// Error is that of io.EOF or io.ErrUnexpectedEOF.
func (e EndError) Error() string { return e.Unwrap()[0].Error() }

// Unwrap lists what the end is.
func (e EndError) Unwrap() []error {
	if e.Inside {
		return []error{io.ErrUnexpectedEOF, syscall.EPIPE}
	}
	return []error{io.EOF, syscall.EPIPE}
}

// wrap adds verb and addresses at the public edge.
func (s *Stream) wrap(verb string, err error) error {
	if err == nil {
		return nil // most often, and without a call: this much is inlined
	}
	return s.wrapped(verb, err)
}

func (s *Stream) wrapped(verb string, err error) error {
	err = opError(verb, s.local, s.remote, err)
	if e, ok := err.(*net.OpError); ok && s.out.whole {
		e.Net = "unixpacket"
	}
	return err
}

func opError(verb string, local, remote Address, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := err.(*net.OpError); ok {
		return err
	}
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError(verb, errno)
	}
	e := &net.OpError{Op: verb, Err: err}
	if local.IsValid() {
		e.Source, e.Net = local, local.Network()
	}
	if remote.IsValid() {
		e.Addr, e.Net = remote, remote.Network()
	}
	return e
}
