//go:build linux

package main

import (
	"syscall"
	"unsafe"
)

// most is how many calls are made together.
const most = 16

// call is one receive or send, and how it ended.
type call struct {
	c     *conn
	send  bool
	buf   []byte
	n     int
	errno syscall.Errno
}

// caller makes calls, at most so many at a time, none of which waits.
type caller interface {
	make(calls []call) error
}

// newCaller makes the calls of a batch in one system call, where the kernel has
// io_uring: a load generator with a CPU of its own costs then less than the fastest
// server, and is not what the comparison measures.
func newCaller() caller {
	r, err := newRing(most)
	if err != nil {
		return plain{}
	}
	return r
}

// plain makes one system call each. They skip the scheduler: this process has one
// thread to run and nothing else to do.
type plain struct{}

func (plain) make(calls []call) error {
	for i := range calls {
		c := &calls[i]
		nr, flags := uintptr(syscall.SYS_RECVFROM), uintptr(syscall.MSG_DONTWAIT)
		if c.send {
			nr, flags = syscall.SYS_SENDTO, syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL
		}
		n, _, errno := syscall.RawSyscall6(nr, uintptr(c.c.fd), uintptr(unsafe.Pointer(&c.buf[0])), uintptr(len(c.buf)), flags, 0, 0)
		if c.n, c.errno = int(n), errno; errno != 0 {
			c.n = 0
		}
	}
	return nil
}
