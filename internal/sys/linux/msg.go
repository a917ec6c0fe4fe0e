//go:build linux

package linux

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

const (
	// long is the size in bytes above which a copy is worth telling the
	// scheduler about: about 5 µs, against 50 ns for the telling. A receive is
	// offered twice that in most cases and seldom fills it.
	long = 64 << 10

	sendFlags = unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL
	recvFlags = unix.MSG_DONTWAIT
)

// Recvmsg receives into the first sys.MaxBufs of m.Bufs that are not empty.
// EINVAL: all are empty; a count of 0 would look like the end of the stream.
func (k *Kernel) Recvmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	one, total := k.gather(m.Bufs)
	switch {
	case total == 0:
		return 0, unix.EINVAL
	case one != nil && !m.Local:
		return transfer(total > 2*long, unix.SYS_RECVFROM, uintptr(fd),
			uintptr(unsafe.Pointer(&one[0])), uintptr(len(one)), recvFlags)
	case one != nil:
		k.push(one)
		k.lendBufs()
	}
	n, e := transfer(total > 2*long, unix.SYS_RECVMSG, uintptr(fd), uintptr(unsafe.Pointer(&k.msg)), recvFlags, 0)
	m.Cut = e == 0 && k.msg.Flags&unix.MSG_CTRUNC != 0
	k.scatter()
	return n, e
}

// Sendmsg sends the first sys.MaxBufs of m.Bufs that are not empty.
// EINVAL: all are empty, as for Recvmsg.
func (k *Kernel) Sendmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	one, total := k.gather(m.Bufs)
	switch {
	case total == 0:
		return 0, unix.EINVAL
	case one != nil:
		return transfer(total > long, unix.SYS_SENDTO, uintptr(fd),
			uintptr(unsafe.Pointer(&one[0])), uintptr(len(one)), sendFlags)
	}
	n, e := transfer(total > long, unix.SYS_SENDMSG, uintptr(fd), uintptr(unsafe.Pointer(&k.msg)), sendFlags, 0)
	k.scatter()
	return n, e
}

// gather returns the buffer that is not empty when there is just one, for the
// calls without a msghdr, which are cheaper; otherwise it fills k.msg. total
// is the size in bytes, exact up to 4*long.
func (k *Kernel) gather(bufs [][]byte) (one []byte, total int) {
	for _, b := range bufs {
		if len(b) == 0 {
			continue
		}
		if one == nil {
			one, total = b, len(b)
			continue
		}
		if len(k.iov) == 0 {
			k.push(one)
		}
		if len(k.iov) == sys.MaxBufs {
			break
		}
		k.push(b)
		total = min(total, 4*long) + min(len(b), 4*long)
	}
	if len(k.iov) == 0 {
		return one, total
	}
	k.lendBufs()
	return nil, total
}

// lendBufs gives k.msg the buffers.
func (k *Kernel) lendBufs() {
	k.msg.Iov = &k.iov[0]
	k.msg.SetIovlen(len(k.iov))
}

func (k *Kernel) push(b []byte) {
	v := unix.Iovec{Base: &b[0]}
	v.SetLen(len(b))
	k.iov = append(k.iov, v)
}

// scatter forgets the buffers.
func (k *Kernel) scatter() {
	clear(k.iov)
	k.iov = k.iov[:0]
}

// transfer makes a call, and tells the scheduler if it may be slow. The
// directive keeps what the arguments point to alive, and on the heap, until it
// returns.
//
//go:uintptrescapes
func transfer(slow bool, call, fd, a, b, c uintptr) (int, sys.Errno) {
	var n uintptr
	var e sys.Errno
	if slow {
		n, _, e = syscall.Syscall6(call, fd, a, b, c, 0, 0)
	} else {
		n, _, e = syscall.RawSyscall6(call, fd, a, b, c, 0, 0) // unix's is two calls further away
	}
	if e != 0 {
		return 0, e
	}
	return int(n), 0
}
