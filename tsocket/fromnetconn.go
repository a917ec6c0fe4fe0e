package tsocket

import (
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// FromNetConn makes a stream of a connected stream socket that belongs to package
// net or os: c is a *net.TCPConn, *net.UnixConn, *os.File, or another
// syscall.Conn. The stream has a descriptor of its own of the same socket. The
// original stays with its owner, who closes it; the connection ends when both are
// closed. What the original has read, or a buffer above it, is not seen here.
//
// The socket is non-blocking from then on, for both: an *os.File in blocking mode
// finds EAGAIN in its reads.
//
// Errors: EOPNOTSUPP for what has no descriptor, such as a tls.Conn or an end of
// a net.Pipe; ENOTSOCK and EPROTOTYPE for what is no stream socket; net.ErrClosed.
func FromNetConn(ev *tevent.Context, c any) (*Stream, error) {
	fd, err := adopt(ev, c, syscall.SOCK_STREAM)
	if err != nil {
		return nil, opError("from net", Address{}, Address{}, err)
	}
	return FromFD(ev, fd)
}

// FromNetPacketConn is FromNetConn for a datagram socket, connected or not, such as
// a *net.UDPConn.
func FromNetPacketConn(ev *tevent.Context, c any) (*Dgram, error) {
	fd, err := adopt(ev, c, syscall.SOCK_DGRAM)
	if err != nil {
		return nil, dgramError("from net", Address{}, Address{}, err)
	}
	return DgramFromFD(ev, fd)
}

// FromNetListener is FromNetConn for a listener, such as a *net.TCPListener: each
// connection goes to one of the two that accept. The name of a unix socket is the
// original's to remove. EINVAL: it does not listen.
func FromNetListener(ev *tevent.Context, c any) (*Listener, error) {
	fd, err := adopt(ev, c, syscall.SOCK_STREAM)
	if err != nil {
		return nil, opError("from net", Address{}, Address{}, err)
	}
	l, err := adoptListener(ev, fd)
	return l, opError("from net", Address{}, Address{}, err)
}

// adopt is another descriptor of the socket of a type that c has.
func adopt(ev *tevent.Context, c any, typ int) (fd int, err error) {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return -1, syscall.EOPNOTSUPP
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return -1, err
	}
	k := ev.Driver().Kernel
	fd = -1
	failed := raw.Control(func(original uintptr) {
		if err = expect(k, int(original), sys.SoType, typ, syscall.EPROTOTYPE); err == nil {
			err = retry(func() (errno sys.Errno) {
				fd, errno = k.Dup(int(original))
				return errno
			})
		}
	})
	if e, ok := failed.(*net.OpError); ok {
		failed = e.Err
	}
	if failed != nil {
		err = failed
	}
	return fd, err
}

// expect fails with otherwise unless an option of a socket has a value.
func expect(k sys.Kernel, fd, opt, value int, otherwise error) error {
	have := 0
	err := retry(func() (errno sys.Errno) {
		have, errno = k.Sockopt(fd, syscall.SOL_SOCKET, opt)
		return errno
	})
	if err == nil && have != value {
		return otherwise
	}
	return err
}

// adoptListener owns fd, also when it fails.
func adoptListener(ev *tevent.Context, fd int) (*Listener, error) {
	k := ev.Driver().Kernel
	err := expect(k, fd, sys.SoAcceptConn, 1, syscall.EINVAL)
	if err == nil {
		err = retry(func() sys.Errno { return k.SetNonblock(fd) })
	}
	var addr Address
	if err == nil {
		addr, err = askName(func() (sys.Addr, sys.Errno) { return k.Sockname(fd) })
	}
	var l *Listener
	if err == nil {
		l, err = newListener(ev, fd, addr)
	}
	if err != nil {
		_ = closeFD(k, fd)
	}
	return l, err
}
