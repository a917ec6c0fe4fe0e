package kernel

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// socket is a file that calls on sockets are for.
type socket interface {
	object
	base() *sock
	bind(a *sys.Addr) sys.Errno
	listen(p *Proc, backlog int) sys.Errno
	connect(p *Proc, a *sys.Addr) sys.Errno
	// accept takes a connection that is ready, and its peer.
	accept() (socket, sys.Addr, sys.Errno)
	recv(p *Proc, m *message) (int, sys.Errno)
	send(p *Proc, m *message) (int, sys.Errno)
	shutdown(how int) sys.Errno
	sockname() sys.Addr
	peername() (sys.Addr, sys.Errno)
	pending() (int, sys.Errno)
}

// sock is what all sockets have.
type sock struct {
	file    *file
	host    *Host
	family  int
	kind    int // SOCK_STREAM …
	err     sys.Errno
	shut    side // directions that are closed
	options options
}

// side is a set of directions.
type side uint8

const (
	reading side = 1 << iota
	writing
	both = reading | writing
)

func (s *sock) base() *sock { return s }

func newSock(h *Host, family, kind int) sock {
	return sock{file: &file{}, host: h, family: family, kind: kind, options: h.options()}
}

// take is the pending error, which is told once.
func (s *sock) take() sys.Errno {
	e := s.err
	s.err = 0
	return e
}

// fail notes an error for the next call that asks.
func (s *sock) fail(e sys.Errno) {
	s.err = e
	s.file.wake(sys.Error)
}

// ends are the conditions that errors and closed directions make.
func (s *sock) ends() sys.Ready {
	var r sys.Ready
	if s.err != 0 {
		r |= sys.Error
	}
	if s.shut == both {
		r |= sys.Hangup
	}
	if s.shut&reading != 0 {
		r |= sys.In | sys.PeerClose
	}
	return r
}

func closes(how int) (side, sys.Errno) {
	switch how {
	case syscall.SHUT_RD:
		return reading, 0
	case syscall.SHUT_WR:
		return writing, 0
	case syscall.SHUT_RDWR:
		return both, 0
	}
	return 0, syscall.EINVAL
}
