package tsocket

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// MaxRights is how many descriptors travel with one message at most.
const MaxRights = sys.MaxRights

// Rights is what RecvRights completes with.
type Rights struct {
	N       int   // bytes of the buffer that are filled
	FDs     []int // the descriptors that came, at the front of the slice they were asked with
	Surplus bool  // more came than there was room for, in the slice or in the process; they were closed
}

// Cred is a process as the kernel knew it when the connection was made.
type Cred struct {
	PID      int // 0 where the system does not tell
	UID, GID uint32
}

// PeerCred is who was at the other end of a unix socket when it connected, or
// called Listen. EOPNOTSUPP on other streams.
func (s *Stream) PeerCred() (Cred, error) {
	f, err := s.unixSocket()
	if err != nil {
		return Cred{}, s.wrap("peer cred", err)
	}
	var c sys.Cred
	err = retry(func() (errno sys.Errno) {
		c, errno = f.kernel().Peercred(f.fd)
		return errno
	})
	return Cred(c), s.wrap("peer cred", err)
}

// unixSocket is the transport of a stream that may carry descriptors, or why it
// may not.
func (s *Stream) unixSocket() (*fdOps, error) {
	f, ok := s.ops.(*fdOps)
	switch err := s.usable(); {
	case err != nil:
		return nil, err
	case !ok || !s.local.IsUnix():
		return nil, syscall.EOPNOTSUPP
	}
	return f, nil
}

// SendRights is Send of data with descriptors that travel with its first byte,
// in a system call of its own. They are duplicated: the caller's remain his,
// and he may close them at once.
//
// Errors: as Send; EINVAL without descriptors or above MaxRights, EBADF and
// EMFILE when one cannot be duplicated, before anything is sent; EOPNOTSUPP on
// what is no unix socket; ETOOMANYREFS when the system has too many on their way,
// which ends this request alone.
func (s *Stream) SendRights(data []byte, fds ...int) tevent.Req[int] {
	o, err := s.newRights(data, fds)
	if err != nil {
		return tevent.Failed[int](s.context(), "send rights", s.wrap("send rights", err))
	}
	return s.enqueue(o)
}

// newRights is a started operation with a message and descriptors of its own.
func (s *Stream) newRights(data []byte, fds []int) (*outOp, error) {
	n, err := s.sendable([][]byte{data})
	if err != nil {
		return nil, err
	}
	f, err := s.unixSocket()
	switch {
	case err != nil:
		return nil, err
	case len(fds) == 0 || len(fds) > MaxRights:
		return nil, syscall.EINVAL
	}
	own, err := duplicates(f.kernel(), fds)
	if err != nil {
		return nil, err
	}
	o := s.newOut(outRights, [][]byte{data}, n)
	o.rights = own
	f.extend()
	return o, nil
}

// duplicates are descriptors of the same open files.
func duplicates(k sys.Kernel, fds []int) ([]int, error) {
	own := make([]int, 0, len(fds))
	for _, fd := range fds {
		n := -1
		err := retry(func() (errno sys.Errno) {
			n, errno = k.Dup(fd)
			return errno
		})
		if err != nil {
			closeAll(k, own)
			return nil, err
		}
		own = append(own, n)
	}
	return own, nil
}

func closeAll(k sys.Kernel, fds []int) {
	for _, fd := range fds {
		closeFD(k, fd)
	}
}
