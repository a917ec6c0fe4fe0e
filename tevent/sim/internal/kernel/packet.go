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

// install gives the files that came with a message descriptors, as many as
// there is room for; the others are dropped.
func (p *Proc) install(k *sys.Packet, files []*file) {
	for _, f := range files {
		if len(k.Rights) < cap(k.Rights) {
			if fd, e := p.table.add(f); e == 0 {
				k.Rights = append(k.Rights, fd)
				continue
			}
		}
		k.Cut |= sys.CutRights
		f.drop()
	}
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
		dropAll(m.rights)
		return 0, e
	}
	return n, 0
}

// lend takes hold of the files behind fds.
func (p *Proc) lend(fds []int) (files []*file, e sys.Errno) {
	for _, fd := range fds {
		f, e := p.file(fd)
		if e != 0 {
			dropAll(files)
			return nil, e
		}
		files = append(files, f.hold())
	}
	return files, 0
}

func dropAll(files []*file) {
	for _, f := range files {
		f.drop()
	}
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
