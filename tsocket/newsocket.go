package tsocket

import (
	"net"
	"net/netip"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// SocketType is what a socket carries.
type SocketType uint8

const (
	SocketStream  SocketType = iota + 1 // bytes on a connection: inet TCP, unix
	SocketDgram                         // datagrams: inet UDP, unix
	SocketMessage                       // messages, in order, on a connection: unix
)

// kernelTypes are the types as the kernel has them.
var kernelTypes = [...]int{
	SocketStream: syscall.SOCK_STREAM, SocketDgram: syscall.SOCK_DGRAM, SocketMessage: syscall.SOCK_SEQPACKET,
}

// String is "stream", "dgram" or "message".
func (t SocketType) String() string {
	switch t {
	case SocketStream:
		return "stream"
	case SocketDgram:
		return "dgram"
	case SocketMessage:
		return "message"
	}
	return "no type of socket"
}

// Socket is a socket that is not yet what it is for: made by its type and local
// address, or of a descriptor. Its options can be set, and then it becomes a
// Stream, a Dgram, Messages or a listener, which has the descriptor from then on,
// also when that fails. Connect, Listen and OpenDgram do all that in one step. It belongs to
// no loop; one goroutine uses it at a time. Source: struct tsocket_context, 2009.
type Socket struct {
	k      sys.Kernel // immutable
	typ    SocketType // immutable
	family int        // immutable
	local  Address    // as it was asked for; changes when the system has chosen
	path   Address    // a unix name that Close removes, or the zero Address
	fd     int        // -1: given away, or closed
	closed bool
}

// NewSocket makes a socket of a type and gives it its local address: inet or unix,
// UnnamedUnix for none, "[::]:0" or "0.0.0.0:0" for what the system chooses later.
// "[::]" serves IPv4 as well, and IPv4 alone on a host without IPv6. A unix path
// must not exist.
//
// Errors: those of socket(2) and bind(2), EINVAL for the zero Address and for what
// is no type, EPROTONOSUPPORT for messages at an inet address. Source:
// tsocket_address_create_socket.
func NewSocket(ev *tevent.Context, typ SocketType, local Address) (*Socket, error) {
	k := ev.Driver().Kernel
	s, err := openTyped(k, typ, local)
	if local.inet.Addr() == netip.IPv6Unspecified() && noIPv6(err) {
		s, err = openTyped(k, typ, local.any4())
	}
	return s, opError("socket", local, Address{}, err)
}

// openTyped makes a socket at one address.
func openTyped(k sys.Kernel, typ SocketType, local Address) (*Socket, error) {
	switch {
	case !local.IsValid() || typ < SocketStream || typ > SocketMessage:
		return nil, syscall.EINVAL
	case typ == SocketMessage && !local.unix:
		return nil, syscall.EPROTONOSUPPORT
	}
	s := &Socket{k: k, typ: typ, family: local.kernel().Family, local: local}
	err := retry(func() (errno sys.Errno) {
		s.fd, errno = k.Socket(s.family, kernelTypes[typ], 0)
		return errno
	})
	if err != nil {
		return nil, err
	}
	if err := s.bind(); err != nil {
		closeFD(k, s.fd)
		return nil, err
	}
	return s, nil
}

// bind gives the socket its local address, unless that can wait.
func (s *Socket) bind() error {
	if s.typ == SocketStream {
		tune(s.k, s.fd, s.local)
	}
	if s.local.Is6() { // a system that refuses serves IPv6 alone
		s.setQuietly(syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 0)
	}
	if s.local.inet.Port() == 0 && s.local.inet.Addr().IsUnspecified() || s.local.unix && s.local.path == "" {
		return nil
	}
	if s.typ == SocketStream && !s.local.unix {
		s.setQuietly(syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	}
	if err := retry(func() sys.Errno { return s.k.Bind(s.fd, s.local.kernel()) }); err != nil {
		return err
	}
	if s.local.unix {
		s.path = s.local
	}
	bound, err := askName(func() (sys.Addr, sys.Errno) { return s.k.Sockname(s.fd) })
	if err != nil {
		unlink(s.k, s.path)
		return err
	}
	s.local = bound
	return nil
}

// setQuietly sets an option that a socket can do without.
func (s *Socket) setQuietly(level, opt, value int) {
	for s.k.SetSockopt(s.fd, level, opt, value) == syscall.EINTR {
	}
}

// SocketFromFD makes a socket of a descriptor, whatever its type and state: it may
// be connected or listen. With owned, the descriptor is closed by who has it in the
// end, and also when this fails; without, it stays the caller's and open, and the
// socket has a duplicate of its own. The open file becomes non-blocking.
//
// Errors: ENOTSOCK, EPROTONOSUPPORT for another type. Source:
// tsocket_context_bsd_wrap_existing.
func SocketFromFD(ev *tevent.Context, fd int, owned bool) (*Socket, error) {
	k := ev.Driver().Kernel
	var err error
	if !owned {
		of := fd // stays what it is when a signal interrupts
		err = retry(func() (errno sys.Errno) {
			fd, errno = k.Dup(of)
			return errno
		})
	}
	s := &Socket{k: k, fd: fd}
	if err == nil {
		if err = s.recognize(); err != nil {
			closeFD(k, fd)
		}
	}
	if err != nil {
		return nil, opError("from fd", Address{}, Address{}, err)
	}
	return s, nil
}

// recognize finds out what the descriptor is.
func (s *Socket) recognize() error {
	typ := 0
	err := retry(func() (errno sys.Errno) {
		typ, errno = s.k.Sockopt(s.fd, syscall.SOL_SOCKET, sys.SoType)
		return errno
	})
	if err != nil {
		return err
	}
	for t := SocketStream; t <= SocketMessage; t++ {
		if kernelTypes[t] == typ {
			s.typ = t
		}
	}
	name, err := askSysName(func() (sys.Addr, sys.Errno) { return s.k.Sockname(s.fd) })
	switch {
	case err != nil:
		return err
	case s.typ == 0:
		return syscall.EPROTONOSUPPORT
	}
	s.local, s.family = addressOf(name), name.Family
	return retry(func() sys.Errno { return s.k.SetNonblock(s.fd) })
}

// Type is what the socket carries.
func (s *Socket) Type() SocketType { return s.typ }

// LocalAddr is the socket's own address. Source: tsocket_get_local_address.
func (s *Socket) LocalAddr() Address { return s.local }

// RemoteAddr is the peer's address of a descriptor that was connected elsewhere;
// otherwise the zero Address. Source: tsocket_get_remote_address.
func (s *Socket) RemoteAddr() Address {
	if s.fd < 0 {
		return Address{}
	}
	return peername(s.k, s.fd)
}

// Options are the socket's; what it becomes keeps them.
func (s *Socket) Options() Options { return Options{s} }

// Status takes the error that the system keeps for the socket (SO_ERROR); nil if
// there is none. After Close it is net.ErrClosed, and EBADF when the socket has
// become something. Source: tsocket_get_status.
func (s *Socket) Status() error {
	_, _, err := s.socket()
	if err == nil {
		err = s.pendingError()
	}
	return s.wrap("status", err)
}

func (s *Socket) pendingError() error {
	v := 0
	err := retry(func() (errno sys.Errno) {
		v, errno = s.k.Sockopt(s.fd, syscall.SOL_SOCKET, sys.SoError)
		return errno
	})
	if err == nil {
		err = fail(sys.Errno(v))
	}
	return err
}

// Close releases a socket that has not become anything, and the unix path that it
// was made with. Otherwise it does nothing. Source: tsocket_disconnect.
func (s *Socket) Close() error {
	fd := s.fd
	s.fd, s.closed = -1, true
	if fd < 0 {
		return nil
	}
	err := closeFD(s.k, fd)
	unlink(s.k, s.path)
	return s.wrap("close", err)
}

// socket is the descriptor, or why there is none.
func (s *Socket) socket() (sys.Kernel, int, error) {
	switch {
	case s.closed:
		return nil, -1, net.ErrClosed
	case s.fd < 0:
		return nil, -1, syscall.EBADF
	}
	return s.k, s.fd, nil
}

func (s *Socket) isIPv6() bool { return s.family == syscall.AF_INET6 }

func (s *Socket) wrap(verb string, err error) error { return opError(verb, s.local, Address{}, err) }
