package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// FromFD makes a stream of a connected stream socket and owns it from then on,
// also when it fails. The descriptor becomes non-blocking. Source:
// tstream_bsd_existing_socket.
func FromFD(ev *tevent.Context, fd int) (*Stream, error) {
	k := ev.Driver().Kernel
	if err := retry(func() sys.Errno { return k.SetNonblock(fd) }); err != nil {
		k.Close(fd)
		return nil, opError("from fd", Address{}, Address{}, err)
	}
	s, err := newFDStream(ev, fd, sockname(k, fd), peername(k, fd))
	return s, opError("from fd", Address{}, Address{}, err)
}

// Socketpair returns two connected unix streams. Source:
// tstream_unix_socketpair.
func Socketpair(ev *tevent.Context) (*Stream, *Stream, error) {
	return socketpair(ev, syscall.SOCK_STREAM)
}

func socketpair(ev *tevent.Context, typ int) (*Stream, *Stream, error) {
	k := ev.Driver().Kernel
	var fds [2]int
	err := retry(func() (errno sys.Errno) {
		fds, errno = k.Socketpair(syscall.AF_UNIX, typ, 0)
		return errno
	})
	if err != nil {
		return nil, nil, opError("socketpair", Address{}, Address{}, err)
	}
	unnamed := Address{unix: true}
	a, err := newFDStream(ev, fds[0], unnamed, unnamed)
	if err != nil {
		k.Close(fds[1])
		return nil, nil, opError("socketpair", unnamed, unnamed, err)
	}
	b, err := newFDStream(ev, fds[1], unnamed, unnamed)
	if err != nil {
		a.Close()
		return nil, nil, opError("socketpair", unnamed, unnamed, err)
	}
	return a, b, nil
}

// ReleaseFD takes the descriptor out of an idle stream, together with the bytes
// that were over-read, and closes the stream. EBUSY while an operation is
// pending, or descriptors that came with those bytes wait for RecvRights;
// EOPNOTSUPP on a stream that has no descriptor.
func (s *Stream) ReleaseFD() (fd int, over []byte, err error) {
	f, ok := s.ops.(*fdOps)
	switch {
	case s.usable() != nil:
		err = s.usable()
	case !ok:
		err = syscall.EOPNOTSUPP
	case s.busy() || s.monitor != nil || s.isShutting() || s.loaded():
		err = syscall.EBUSY
	}
	if err != nil {
		return -1, nil, s.wrap("release", err)
	}
	over = append([]byte(nil), s.in.bytes()...)
	f.sock.Release()
	f.release = true
	return f.fd, over, s.Close()
}

func sockname(k sys.Kernel, fd int) Address {
	a, _ := askName(func() (sys.Addr, sys.Errno) { return k.Sockname(fd) })
	return a
}

func peername(k sys.Kernel, fd int) Address {
	a, _ := askName(func() (sys.Addr, sys.Errno) { return k.Peername(fd) })
	return a
}

// askName is what a call answers, the zero Address if it fails.
func askName(ask func() (sys.Addr, sys.Errno)) (Address, error) {
	a, err := askSysName(ask)
	if err != nil {
		return Address{}, err
	}
	return addressOf(a), nil
}

// askSysName is askName in the kernel's form.
func askSysName(ask func() (sys.Addr, sys.Errno)) (sys.Addr, error) {
	var a sys.Addr
	err := retry(func() (errno sys.Errno) {
		a, errno = ask()
		return errno
	})
	return a, err
}
