package tsocket

import (
	"net/netip"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// take gives the descriptor away, of a socket of that type.
func (s *Socket) take(typ SocketType) (int, error) {
	_, fd, err := s.socket()
	switch {
	case err != nil:
		return -1, err
	case s.typ != typ:
		return -1, syscall.EPROTOTYPE
	}
	s.fd = -1
	return fd, nil
}

// Connect connects a SocketStream to remote and makes it a stream on ev. The
// request's error is that of connect(2) or, when that took its time, the socket's
// (SO_ERROR). A socket of IPv6 that has no address yet connects to IPv4 as well.
//
// Errors: EPROTOTYPE for another type, EINVAL for a remote of another family; what
// Status says of a socket that is none any more. Source: tsocket_connect_send.
func (s *Socket) Connect(ev *tevent.Context, remote Address) tevent.Req[*Stream] {
	return s.connect(ev, SocketStream, remote)
}

// connect is Connect of a socket that has to be of a type.
func (s *Socket) connect(ev *tevent.Context, typ SocketType, remote Address) tevent.Req[*Stream] {
	c := newConnectOp(ev, s.local, remote)
	peer, err := s.reach(remote)
	fd := -1
	if err == nil {
		fd, err = s.take(typ)
	}
	if err != nil {
		c.fail(err)
		return c.Req()
	}
	c.peer = peer
	c.have(fd)
	c.connect()
	return c.Req()
}

// reach is remote as a socket of this family has it.
func (s *Socket) reach(remote Address) (*sys.Addr, error) {
	if !remote.IsValid() {
		return nil, syscall.EINVAL
	}
	a := remote.kernel()
	if s.isIPv6() && a.Family == syscall.AF_INET && s.local.inet.Addr().IsUnspecified() {
		a.Family = syscall.AF_INET6
		a.Inet = netip.AddrPortFrom(netip.AddrFrom16(a.Inet.Addr().As16()), a.Inet.Port())
	}
	if a.Family != s.family {
		return nil, syscall.EINVAL
	}
	return a, nil
}

// Stream makes a SocketStream that is connected already a stream on ev. What is
// called on one that is not says ENOTCONN.
func (s *Socket) Stream(ev *tevent.Context) (*Stream, error) {
	return s.stream(ev, SocketStream)
}

// stream is Stream of a socket that has to be of a type.
func (s *Socket) stream(ev *tevent.Context, typ SocketType) (*Stream, error) {
	peer := s.RemoteAddr()
	fd, err := s.take(typ)
	if err != nil {
		return nil, s.wrap("stream", err)
	}
	stream, err := newFDStream(ev, fd, s.local, peer)
	return stream, s.wrap("stream", err)
}

// Listen makes a SocketStream a listener on ev; it may listen already. A backlog of
// 0 is 4096 connections. Close of the listener removes the unix path that the
// socket was made with.
//
// Errors: those of listen(2), EPROTOTYPE for another type. Source: tsocket_listen.
func (s *Socket) Listen(ev *tevent.Context, backlog int) (*Listener, error) {
	return s.listen(ev, SocketStream, backlog)
}

// listen is Listen of a socket that has to be of a type.
func (s *Socket) listen(ev *tevent.Context, typ SocketType, backlog int) (*Listener, error) {
	fd, err := s.take(typ)
	if err != nil {
		return nil, s.wrap("listen", err)
	}
	err = retry(func() sys.Errno { return s.k.Listen(fd, orDefault(backlog, 4096)) })
	var bound Address
	if err == nil {
		bound, err = askName(func() (sys.Addr, sys.Errno) { return s.k.Sockname(fd) })
	}
	if err != nil {
		undo(s.k, fd, s.path)
		return nil, s.wrap("listen", err)
	}
	l, err := newListener(ev, fd, bound)
	if err != nil {
		undo(s.k, fd, s.path)
		return nil, s.wrap("listen", err)
	}
	l.path = s.path
	return l, nil
}

// Dgram makes a SocketDgram an endpoint on ev, connected to remote unless that is
// the zero Address.
//
// Errors: those of connect(2), EPROTOTYPE for another type, EINVAL for a remote of
// another family.
func (s *Socket) Dgram(ev *tevent.Context, remote Address) (*Dgram, error) {
	var peer *sys.Addr
	var err error
	if remote.IsValid() {
		peer, err = s.reach(remote)
	}
	fd := -1
	if err == nil {
		fd, err = s.take(SocketDgram)
	}
	if err != nil {
		return nil, dgramError("dgram", s.local, remote, err)
	}
	if remote.IsValid() {
		err = retry(func() sys.Errno { return s.k.Connect(fd, peer) })
	}
	if err != nil {
		undo(s.k, fd, s.path)
		return nil, dgramError("dgram", s.local, remote, err)
	}
	d, err := newFDDgram(ev, fd, s.path, false)
	return d, dgramError("dgram", s.local, remote, err)
}
