package kernel

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// RecvPacket receives one datagram or message.
func (p *Proc) RecvPacket(fd int, k *sys.Packet) (int, sys.Errno) {
	s, e := p.socket(fd)
	if e != 0 {
		return 0, e
	}
	m := message{bufs: k.Bufs, packet: true}
	n, e := s.recv(p, &m)
	if e != 0 {
		return 0, e
	}
	k.Addr, k.Cut = m.addr, 0
	if m.cut {
		k.Cut |= sys.CutBytes
	}
	p.install(k, m.rights)
	return n, 0
}

// SendPacket sends one datagram or message. EINVAL: more descriptors than
// sys.MaxRights. EBADF: one of them is not open.
func (p *Proc) SendPacket(fd int, k *sys.Packet) (int, sys.Errno) {
	if len(k.Rights) > sys.MaxRights {
		p.enter()
		return 0, syscall.EINVAL
	}
	if k.Addr.Family != 0 {
		if e := wellFormed(&k.Addr); e != 0 {
			p.enter()
			return 0, e
		}
	}
	s, e := p.socket(fd)
	if e != 0 {
		return 0, e
	}
	m := message{bufs: k.Bufs, packet: true, addr: k.Addr}
	if u, ok := s.(*unix); ok {
		if e := u.apart(); e != 0 {
			return 0, e
		}
		if m.rights, e = p.lend(k.Rights); e != 0 {
			return 0, e
		}
	}
	n, e := s.send(p, &m)
	if e != 0 {
		p.net.dropAll(m.rights)
		return 0, e
	}
	return n, 0
}

// Dup returns the lowest free descriptor for the open file of fd.
func (p *Proc) Dup(fd int) (int, sys.Errno) {
	p.enter()
	f, e := p.file(fd)
	if e != 0 {
		return -1, e
	}
	n, e := p.table.add(f.hold())
	if e != 0 {
		f.drop()
	}
	return n, e
}
