//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Socket creates a socket; see socket(2) for its errors.
func (k *Kernel) Socket(domain, typ, proto int) (int, sys.Errno) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(domain, typ, proto)
	if err != nil {
		return -1, errno(err)
	}
	return prepared(fd)
}

// Socketpair creates two connected sockets; see socketpair(2).
func (k *Kernel) Socketpair(domain, typ, proto int) ([2]int, sys.Errno) {
	none := [2]int{-1, -1}
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fds, err := unix.Socketpair(domain, typ, proto)
	if err != nil {
		return none, errno(err)
	}
	for i, fd := range fds {
		if _, e := prepared(fd); e != 0 {
			_ = unix.Close(fds[1-i])
			return none, e
		}
	}
	return fds, 0
}

// Accept takes a connection from fd, which must be non-blocking.
func (k *Kernel) Accept(fd int) (int, sys.Addr, sys.Errno) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	s, peer, err := unix.Accept(fd)
	if err != nil {
		return -1, sys.Addr{}, errno(err)
	}
	s, e := prepared(s)
	if e != 0 {
		return -1, sys.Addr{}, e
	}
	return s, decode(peer), 0
}

// prepared makes a new descriptor non-blocking, close-on-exec and silent, under
// the fork lock. On failure it is closed.
func prepared(fd int) (int, sys.Errno) {
	unix.CloseOnExec(fd)
	err := unix.SetNonblock(fd, true)
	if err == nil {
		err = silence(fd)
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, errno(err)
	}
	return fd, 0
}

// Bind gives fd its own address. Besides those of bind(2) its errors are those
// of encode.
func (k *Kernel) Bind(fd int, a *sys.Addr) sys.Errno {
	sa, e := encode(a)
	if e != 0 {
		return e
	}
	return errno(unix.Bind(fd, sa))
}

// Listen makes fd accept up to backlog connections ahead of Accept.
func (k *Kernel) Listen(fd, backlog int) sys.Errno { return errno(unix.Listen(fd, backlog)) }

// Connect starts a connection. Besides those of connect(2) its errors are those
// of encode.
func (k *Kernel) Connect(fd int, a *sys.Addr) sys.Errno {
	sa, e := encode(a)
	if e != 0 {
		return e
	}
	return errno(unix.Connect(fd, sa))
}

// Sockname is the address that fd is bound to.
func (k *Kernel) Sockname(fd int) (sys.Addr, sys.Errno) {
	sa, err := unix.Getsockname(fd)
	return decode(sa), errno(err)
}

// Peername is the address that fd is connected to; ENOTCONN without one.
func (k *Kernel) Peername(fd int) (sys.Addr, sys.Errno) {
	sa, err := unix.Getpeername(fd)
	return decode(sa), errno(err)
}

// Shutdown ends one direction, or both.
func (k *Kernel) Shutdown(fd, how int) sys.Errno { return errno(unix.Shutdown(fd, how)) }

// Close releases fd. With SO_LINGER set it may wait as long as that says.
func (k *Kernel) Close(fd int) sys.Errno {
	k.overdue(fd)
	return errno(unix.Close(fd))
}

// Unlink removes path from the file system.
func (k *Kernel) Unlink(path string) sys.Errno { return errno(unix.Unlink(path)) }
