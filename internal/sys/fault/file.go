package fault

import (
	"net/netip"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func (k *kernel) Dup(fd int) (int, sys.Errno) {
	return k.in.get(Dup, fd, -1, func() (int, sys.Errno) { return k.real.Dup(fd) })
}

func (k *kernel) RecvPacket(fd int, p *sys.Packet) (int, sys.Errno) {
	return packet(k, RecvPacket, fd, p, sys.In, k.real.RecvPacket)
}

func (k *kernel) SendPacket(fd int, p *sys.Packet) (int, sys.Errno) {
	return packet(k, SendPacket, fd, p, sys.Out, k.real.SendPacket)
}

func (k *kernel) RecvPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	return packet(k, RecvPackets, fd, ps, sys.In, k.real.RecvPackets)
}

func (k *kernel) SendPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	return packet(k, SendPackets, fd, ps, sys.Out, k.real.SendPackets)
}

// packet fails with an errno; a datagram is never cut.
func packet[P any](k *kernel, c Call, fd int, p P, dir sys.Ready, call func(int, P) (int, sys.Errno)) (int, sys.Errno) {
	f := k.in.enter(c, fd)
	n, e := 0, sys.Errno(0)
	if f == nil {
		n, e = call(fd, p)
	} else {
		e = f.plan.Errno
		k.in.again(f, fd, dir)
	}
	k.in.note(c, fd, n, e, f)
	return n, e
}

func (k *kernel) Join(fd int, group netip.Addr, through string) sys.Errno {
	return k.in.do(Join, fd, func() sys.Errno { return k.real.Join(fd, group, through) })
}

func (k *kernel) Leave(fd int, group netip.Addr, through string) sys.Errno {
	return k.in.do(Leave, fd, func() sys.Errno { return k.real.Leave(fd, group, through) })
}

func (k *kernel) Peercred(fd int) (c sys.Cred, e sys.Errno) {
	e = k.in.do(Peercred, fd, func() (e sys.Errno) {
		c, e = k.real.Peercred(fd)
		return e
	})
	return c, e
}

func (k *kernel) Eventfd(initial uint32) (int, sys.Errno) {
	return k.in.get(Eventfd, -1, -1, func() (int, sys.Errno) { return k.real.Eventfd(initial) })
}

func (k *kernel) Memfd(name string) (int, sys.Errno) {
	return k.in.get(Memfd, -1, -1, func() (int, sys.Errno) { return k.real.Memfd(name) })
}

func (k *kernel) Truncate(fd int, size int64) sys.Errno {
	return k.in.do(Truncate, fd, func() sys.Errno { return k.real.Truncate(fd, size) })
}

func (k *kernel) Size(fd int) (n int64, e sys.Errno) {
	e = k.in.do(Size, fd, func() (e sys.Errno) {
		n, e = k.real.Size(fd)
		return e
	})
	return n, e
}

func (k *kernel) Seal(fd, seals int) sys.Errno {
	return k.in.do(Seal, fd, func() sys.Errno { return k.real.Seal(fd, seals) })
}

func (k *kernel) Seals(fd int) (int, sys.Errno) {
	return k.in.get(Seals, fd, 0, func() (int, sys.Errno) { return k.real.Seals(fd) })
}

func (k *kernel) Read(fd int, b []byte) (int, sys.Errno) {
	return k.in.get(Read, fd, 0, func() (int, sys.Errno) { return k.real.Read(fd, b) })
}

func (k *kernel) Write(fd int, b []byte) (int, sys.Errno) {
	return k.in.get(Write, fd, 0, func() (int, sys.Errno) { return k.real.Write(fd, b) })
}

func (k *kernel) Map(fd, length int) (b []byte, e sys.Errno) {
	e = k.in.do(Map, fd, func() (e sys.Errno) {
		b, e = k.real.Map(fd, length)
		return e
	})
	return b, e
}

// Unmap always unmaps.
func (k *kernel) Unmap(b []byte) sys.Errno {
	f := k.in.enter(Unmap, -1)
	e := k.real.Unmap(b)
	if f != nil {
		e = f.plan.Errno
	}
	k.in.note(Unmap, -1, 0, e, f)
	return e
}
