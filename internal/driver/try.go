package driver

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// try makes one system call for io, unless that waits for readiness alone, and
// reports whether io has finished.
func (s *Sock) try(d *direction, io *IO) bool {
	if io.kind == ready {
		return true
	}
	d.served++
	io.N, io.Errno = 0, 0
	switch io.kind {
	case recv:
		return s.tryRecv(io)
	case send:
		return s.trySend(io)
	case accept:
		return s.tryAccept(io)
	case recvfrom:
		return s.tryRecvfrom(io)
	case sendto:
		return s.trySendto(io)
	}
	return s.tryConnect(io)
}

// markTries is how often a receive at urgent data is repeated. The kernel answers
// EAGAIN there, although there are bytes, while the thread has a signal to take,
// such as the Go runtime's; taking it is part of the call's end.
const markTries = 3

// tryRecv wants readiness on EAGAIN, and on a short count only while nothing was
// seen that hides behind it: urgent data stop a receive early, so do descriptors
// that nobody asked for, and a FIN behind data is reported only once.
func (s *Sock) tryRecv(io *IO) bool {
	io.Owner.Prepare(io)
	n, errno := s.loop.Kernel.Recvmsg(s.FD, &io.Msg)
	for left := markTries; errno == syscall.EINTR || errno == syscall.EAGAIN && s.seen&sys.Urgent != 0 && left > 0; left-- {
		n, errno = s.loop.Kernel.Recvmsg(s.FD, &io.Msg)
	}
	switch {
	case errno == syscall.EAGAIN:
		s.seen &^= sys.Urgent // the mark has been passed
		io.Errno = s.wantIn()
		return io.Errno != 0
	case errno != 0:
		s.latch(errno)
		io.Errno = errno
	case n == 0:
		io.Errno = s.Fault() // after the last byte a reset is told, not an end
	case s.seen == 0 && !io.Msg.Cut && short(io, n):
		s.wantIn() // if that fails, the next call finds out
	}
	io.N = n
	return true
}

func (s *Sock) trySend(io *IO) bool {
	if s.fault != 0 {
		io.Errno = s.fault
		return true
	}
	io.Owner.Prepare(io)
	n, errno := s.loop.Kernel.Sendmsg(s.FD, &io.Msg)
	for errno == syscall.EINTR {
		n, errno = s.loop.Kernel.Sendmsg(s.FD, &io.Msg)
	}
	switch {
	case errno == syscall.EAGAIN:
		io.Errno = s.wantOut()
		return io.Errno != 0
	case errno != 0:
		s.latch(errno)
		io.Errno = errno
	case short(io, n):
		s.wantOut() // if that fails, the next call finds out
	}
	io.N = n
	return true
}

// wantIn has the next change to readable reported, unless the Poller watches that
// all the time.
func (s *Sock) wantIn() sys.Errno {
	if s.loop.keeps {
		s.rd.ready = false
		return 0
	}
	errno := s.loop.Want(s.FD, s.token, sys.In)
	s.rd.ready = errno != 0
	return errno
}

// wantOut has the next change to writable reported.
func (s *Sock) wantOut() sys.Errno {
	errno := s.loop.Want(s.FD, s.token, sys.Out)
	s.wr.ready = errno != 0
	return errno
}

func (s *Sock) tryAccept(io *IO) bool {
	fd, peer, errno := s.loop.Kernel.Accept(s.FD)
	for errno == syscall.EINTR {
		fd, peer, errno = s.loop.Kernel.Accept(s.FD)
	}
	if errno == syscall.EAGAIN {
		io.Errno = s.wantIn()
		return io.Errno != 0
	}
	io.N, io.Peer, io.Errno = fd, peer, errno
	return true
}

// tryConnect reads the outcome. A socket that is writable without an error
// but has no peer yet was reported too early.
func (s *Sock) tryConnect(io *IO) bool {
	v, errno := s.pendingError()
	if errno == 0 {
		errno = v
	}
	if errno == 0 {
		io.Peer, errno = s.peername()
		if errno == syscall.ENOTCONN {
			s.wr.ready = false // Out is wanted since the connect began
			return false
		}
	}
	io.Errno = errno
	return true
}

func (s *Sock) peername() (sys.Addr, sys.Errno) {
	a, errno := s.loop.Kernel.Peername(s.FD)
	for errno == syscall.EINTR {
		a, errno = s.loop.Kernel.Peername(s.FD)
	}
	return a, errno
}

// pendingError takes the error that the kernel keeps for the socket.
func (s *Sock) pendingError() (v, errno sys.Errno) {
	n, errno := s.loop.Kernel.Sockopt(s.FD, syscall.SOL_SOCKET, sys.SoError)
	for errno == syscall.EINTR {
		n, errno = s.loop.Kernel.Sockopt(s.FD, syscall.SOL_SOCKET, sys.SoError)
	}
	return sys.Errno(n), errno
}

// latch keeps a reset for both directions: the kernel tells it only once.
func (s *Sock) latch(errno sys.Errno) {
	switch errno {
	case syscall.ECONNRESET, syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ECONNABORTED:
		s.fault = errno
	}
}

// short reports whether a call moved less than fits the buffers that it looks
// at.
func short(io *IO, n int) bool {
	used := 0
	for _, b := range io.Msg.Bufs {
		if len(b) == 0 {
			continue
		}
		if n -= len(b); n < 0 {
			return true
		}
		if used++; used == sys.MaxBufs {
			return false
		}
	}
	return false
}
