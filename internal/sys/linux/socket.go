//go:build linux

package linux

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

const nonblock = unix.SOCK_NONBLOCK | unix.SOCK_CLOEXEC

// Socket creates a socket; see socket(2) for its errors.
func (k *Kernel) Socket(domain, typ, proto int) (int, sys.Errno) {
	fd, err := unix.Socket(domain, typ|nonblock, proto)
	return fd, errno(err)
}

// Socketpair creates two connected sockets; see socketpair(2).
func (k *Kernel) Socketpair(domain, typ, proto int) ([2]int, sys.Errno) {
	fds, err := unix.Socketpair(domain, typ|nonblock, proto)
	return fds, errno(err)
}

// Bind gives fd its own address. A unix path of "" lets the kernel choose an
// abstract name. Besides those of bind(2) its errors are those of encode.
func (k *Kernel) Bind(fd int, a *sys.Addr) sys.Errno {
	if e := k.name.encode(fd, a); e != 0 {
		return e
	}
	_, _, e := unix.Syscall(unix.SYS_BIND, uintptr(fd), uintptr(unsafe.Pointer(&k.name.raw)), uintptr(k.name.len))
	return e
}

// Connect starts a connection; EAGAIN on a unix socket says that the backlog
// of the listener is full, and that nothing was started.
func (k *Kernel) Connect(fd int, a *sys.Addr) sys.Errno {
	if e := k.name.encode(fd, a); e != 0 {
		return e
	}
	_, _, e := unix.Syscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&k.name.raw)), uintptr(k.name.len))
	return e
}

// Accept takes a connection from fd, which must be non-blocking: the call does
// not tell the scheduler.
func (k *Kernel) Accept(fd int) (int, sys.Addr, sys.Errno) {
	k.name.reset()
	r, _, e := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(fd), uintptr(unsafe.Pointer(&k.name.raw)),
		uintptr(unsafe.Pointer(&k.name.len)), nonblock, 0, 0)
	if e != 0 {
		return -1, sys.Addr{}, e
	}
	return int(r), k.name.decode(int(r)), 0
}

// Sockname is the address that fd is bound to.
func (k *Kernel) Sockname(fd int) (sys.Addr, sys.Errno) { return k.ask(unix.SYS_GETSOCKNAME, fd) }

// Peername is the address that fd is connected to; ENOTCONN without one.
func (k *Kernel) Peername(fd int) (sys.Addr, sys.Errno) { return k.ask(unix.SYS_GETPEERNAME, fd) }

func (k *Kernel) ask(call uintptr, fd int) (sys.Addr, sys.Errno) {
	k.name.reset()
	_, _, e := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(&k.name.raw)), uintptr(unsafe.Pointer(&k.name.len)))
	if e != 0 {
		return sys.Addr{}, e
	}
	return k.name.decode(fd), 0
}
