package kernel

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// socket begins a call on fd. EBADF: it is not open. ENOTSOCK: it is
// something else.
func (p *Proc) socket(fd int) (socket, sys.Errno) {
	p.enter()
	f, e := p.file(fd)
	if e != 0 {
		return nil, e
	}
	if s, ok := f.obj.(socket); ok {
		return s, 0
	}
	return nil, syscall.ENOTSOCK
}

// Numbers from which on there is no type of socket and no protocol of IP.
const types, protocols = 11, 263

// create makes a socket that no descriptor stands for yet.
func (p *Proc) create(domain, typ, proto int) (socket, sys.Errno) {
	inet := domain == syscall.AF_INET || domain == syscall.AF_INET6
	switch {
	case uint(typ) > 0xf:
		return nil, syscall.EINVAL
	case !inet && domain != syscall.AF_UNIX:
		return nil, syscall.EAFNOSUPPORT
	case typ >= types, inet && uint(proto) >= protocols:
		return nil, syscall.EINVAL
	case !inet:
		return p.createUnix(typ, proto)
	}
	switch typ {
	case syscall.SOCK_STREAM:
		if proto == 0 || proto == syscall.IPPROTO_TCP {
			return newTCP(p.host, domain), 0
		}
	case syscall.SOCK_DGRAM:
		if proto == 0 || proto == syscall.IPPROTO_UDP {
			return newUDP(p.host, domain), 0
		}
	default:
		return nil, syscall.ESOCKTNOSUPPORT
	}
	return nil, syscall.EPROTONOSUPPORT
}

// open gives s a descriptor; without one it is released.
func (p *Proc) open(s socket) (int, sys.Errno) {
	f := s.base().file
	f.obj = s
	fd, e := p.table.add(f.hold())
	if e != 0 {
		f.drop()
	}
	return fd, e
}

// Socket creates a socket.
func (p *Proc) Socket(domain, typ, proto int) (int, sys.Errno) {
	p.enter()
	s, e := p.create(domain, typ, proto)
	if e != 0 {
		return -1, e
	}
	return p.open(s)
}

// Bind gives fd its own address.
func (p *Proc) Bind(fd int, a *sys.Addr) sys.Errno {
	s, e := p.socket(fd)
	if e != 0 {
		return e
	}
	if e := wellFormed(a); e != 0 {
		return e
	}
	return s.bind(a)
}

// Listen makes fd accept connections, one more than backlog ahead of Accept.
func (p *Proc) Listen(fd, backlog int) sys.Errno {
	s, e := p.socket(fd)
	if e != 0 {
		return e
	}
	if uint32(backlog) > uint32(p.host.Limits.Backlog) {
		backlog = p.host.Limits.Backlog
	}
	return s.listen(p, backlog)
}

// Connect starts a connection.
func (p *Proc) Connect(fd int, a *sys.Addr) sys.Errno {
	s, e := p.socket(fd)
	if e != 0 {
		return e
	}
	if e := wellFormed(a); e != 0 {
		return e
	}
	return s.connect(p, a)
}

// Accept takes a connection from fd. EMFILE leaves it where it is.
func (p *Proc) Accept(fd int) (int, sys.Addr, sys.Errno) {
	s, e := p.socket(fd)
	if e != 0 {
		return -1, sys.Addr{}, e
	}
	if _, e := p.table.free(); e != 0 {
		return -1, sys.Addr{}, e
	}
	c, peer, e := s.accept()
	if e != 0 {
		return -1, sys.Addr{}, e
	}
	fd, e = p.open(c)
	return fd, peer, e
}

// Recvmsg receives into the buffers of m. EINVAL: all are empty.
func (p *Proc) Recvmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	msg := p.message(m)
	if msg.size() == 0 {
		p.enter()
		return 0, syscall.EINVAL
	}
	s, e := p.socket(fd)
	if e != 0 {
		return 0, e
	}
	n, e := s.recv(p, msg)
	m.Cut = msg.lost
	return n, e
}

// Sendmsg sends the buffers of m. EINVAL: all are empty.
func (p *Proc) Sendmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	msg := p.message(m)
	if msg.size() == 0 {
		p.enter()
		return 0, syscall.EINVAL
	}
	s, e := p.socket(fd)
	if e != 0 {
		return 0, e
	}
	return s.send(p, msg)
}

// message is m as the transfer of the present call.
func (p *Proc) message(m *sys.Msg) *message {
	p.transfer = message{bufs: m.Bufs}
	return &p.transfer
}

// Shutdown ends one direction, or both.
func (p *Proc) Shutdown(fd, how int) sys.Errno {
	s, e := p.socket(fd)
	if e != 0 {
		return e
	}
	return s.shutdown(how)
}

// Sockname is the address that fd is bound to.
func (p *Proc) Sockname(fd int) (sys.Addr, sys.Errno) {
	s, e := p.socket(fd)
	if e != 0 {
		return sys.Addr{}, e
	}
	return s.sockname(), 0
}

// Peername is the address that fd is connected to; ENOTCONN without one.
func (p *Proc) Peername(fd int) (sys.Addr, sys.Errno) {
	s, e := p.socket(fd)
	if e != 0 {
		return sys.Addr{}, e
	}
	return s.peername()
}

// Pending is the number of bytes of a stream, or of the next datagram.
func (p *Proc) Pending(fd int) (int, sys.Errno) {
	p.enter()
	f, e := p.file(fd)
	if e != 0 {
		return 0, e
	}
	switch o := f.obj.(type) {
	case socket:
		return o.pending()
	case *memfd:
		return o.pending(), 0
	}
	return 0, syscall.ENOTTY
}
