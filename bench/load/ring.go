//go:build linux

package main

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What io_uring's header has and package unix has not.
const (
	opSend, opRecv = 26, 27
	enterGetEvents = 1
	submitAll      = 1 << 7
	offSQEs        = 0x10000000
)

// entry is struct io_uring_sqe, done struct io_uring_cqe.
type (
	entry struct {
		op       uint8
		_        [3]uint8
		fd       int32
		_        uint64
		addr     uint64
		len      uint32
		msgFlags uint32
		data     uint64
		_        [3]uint64
	}
	done struct {
		data uint64
		res  int32
		_    uint32
	}
)

// params is struct io_uring_params.
type params struct {
	sqEntries, cqEntries, flags, cpu, idle, features, wq uint32
	_                                                    [3]uint32
	sq, cq                                               offsets
}

// offsets is struct io_sqring_offsets, and io_cqring_offsets, which has the
// completions in the place of the array.
type offsets struct {
	head, tail, mask, entries uint32
	flags, dropped, array, _  uint32
	_                         uint64
}

// completions is where a completion queue begins.
func (o *offsets) completions() uint32 { return o.dropped }

// ring is an io_uring whose operations all complete while they are submitted.
type ring struct {
	fd             int
	entries        []entry
	tail, sqMask   *uint32
	array          []uint32
	cqHead, cqTail *uint32
	cqMask         uint32
	dones          []done
}

func newRing(n uint32) (*ring, error) {
	p := params{flags: submitAll}
	fd, _, errno := syscall.Syscall(unix.SYS_IO_URING_SETUP, uintptr(n), uintptr(unsafe.Pointer(&p)), 0)
	if errno != 0 {
		return nil, errno
	}
	r := &ring{fd: int(fd)}
	if err := r.share(&p); err != nil {
		syscall.Close(r.fd)
		return nil, err
	}
	return r, nil
}

// share maps what the kernel and we use together; it stays until the process ends.
func (r *ring) share(p *params) error {
	size := max(int(p.sq.array)+int(p.sqEntries)*4, int(p.cq.completions())+int(p.cqEntries)*int(unsafe.Sizeof(done{})))
	rings, err := shared(r.fd, 0, size)
	if err != nil {
		return err
	}
	sqes, err := shared(r.fd, offSQEs, int(p.sqEntries)*int(unsafe.Sizeof(entry{})))
	if err != nil {
		return err
	}
	at := func(off uint32) *uint32 { return (*uint32)(unsafe.Pointer(&rings[off])) }
	r.entries = unsafe.Slice((*entry)(unsafe.Pointer(&sqes[0])), p.sqEntries)
	r.tail, r.sqMask, r.array = at(p.sq.tail), at(p.sq.mask), unsafe.Slice(at(p.sq.array), p.sqEntries)
	r.cqHead, r.cqTail, r.cqMask = at(p.cq.head), at(p.cq.tail), *at(p.cq.mask)
	r.dones = unsafe.Slice((*done)(unsafe.Pointer(at(p.cq.completions()))), p.cqEntries)
	return nil
}

func shared(fd int, off int64, size int) ([]byte, error) {
	return unix.Mmap(fd, off, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
}

func (r *ring) make(calls []call) error {
	tail := *r.tail
	for i := range calls {
		c, at := &calls[i], tail&*r.sqMask
		e := entry{op: opRecv, fd: int32(c.c.fd), addr: uint64(uintptr(unsafe.Pointer(&c.buf[0]))),
			len: uint32(len(c.buf)), msgFlags: unix.MSG_DONTWAIT, data: uint64(i)}
		if c.send {
			e.op, e.msgFlags = opSend, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL
		}
		r.entries[at], r.array[at] = e, at
		tail++
	}
	atomic.StoreUint32(r.tail, tail)
	return r.enter(calls)
}

// enter submits the calls and takes their ends.
func (r *ring) enter(calls []call) error {
	for left, sent := len(calls), 0; left > 0; {
		n, _, errno := syscall.RawSyscall6(unix.SYS_IO_URING_ENTER, uintptr(r.fd), uintptr(len(calls)-sent), uintptr(left), enterGetEvents, 0, 0)
		if errno != 0 && errno != syscall.EINTR {
			return fmt.Errorf("io_uring_enter: %w", errno)
		}
		if errno == 0 {
			sent += int(n)
		}
		left -= r.reap(calls)
	}
	return nil
}

func (r *ring) reap(calls []call) (n int) {
	head := *r.cqHead
	for ; head != atomic.LoadUint32(r.cqTail); head++ {
		d := &r.dones[head&r.cqMask]
		c := &calls[d.data]
		c.n, c.errno = int(d.res), 0
		if d.res < 0 {
			c.n, c.errno = 0, syscall.Errno(-d.res)
		}
		n++
	}
	atomic.StoreUint32(r.cqHead, head)
	return n
}
