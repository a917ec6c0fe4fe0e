package sim

import (
	"net/netip"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
)

func (k *calls) RecvPacket(fd int, p *sys.Packet) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.RecvPacket(fd, p)
	k.p.world.rec.packet(k.p, fault.RecvPacket, fd, p, n, e)
	return n, e
}

func (k *calls) SendPacket(fd int, p *sys.Packet) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.SendPacket(fd, p)
	k.p.world.rec.packet(k.p, fault.SendPacket, fd, p, n, e)
	return n, e
}

func (k *calls) RecvPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.RecvPackets(fd, ps)
	k.packets(fault.RecvPackets, fd, ps[:n])
	k.done(fault.RecvPackets, fd, uint64(len(ps)), n, e)
	return n, e
}

func (k *calls) SendPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.SendPackets(fd, ps)
	k.packets(fault.SendPackets, fd, ps[:n])
	k.done(fault.SendPackets, fd, uint64(len(ps)), n, e)
	return n, e
}

// packets records each of several packets, before the call that moved them.
func (k *calls) packets(c fault.Call, fd int, ps []sys.Packet) {
	for i := range ps {
		k.p.world.rec.packet(k.p, c, fd, &ps[i], ps[i].N, 0)
	}
}

func (k *calls) Join(fd int, group netip.Addr, through string) sys.Errno {
	k.begin()
	e := k.Kernel.Join(fd, group, through)
	k.done(fault.Join, fd, text(group.String()+through), 0, e)
	return e
}

func (k *calls) Leave(fd int, group netip.Addr, through string) sys.Errno {
	k.begin()
	e := k.Kernel.Leave(fd, group, through)
	k.done(fault.Leave, fd, text(group.String()+through), 0, e)
	return e
}

func (k *calls) Peercred(fd int) (sys.Cred, sys.Errno) {
	k.begin()
	c, e := k.Kernel.Peercred(fd)
	k.done(fault.Peercred, fd, uint64(c.UID)<<32|uint64(c.GID), c.PID, e)
	return c, e
}

func (k *calls) Dup(fd int) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.Dup(fd)
	k.done(fault.Dup, fd, 0, n, e)
	return n, e
}

func (k *calls) Eventfd(initial uint32) (int, sys.Errno) {
	k.begin()
	fd, e := k.Kernel.Eventfd(initial)
	k.done(fault.Eventfd, -1, uint64(initial), fd, e)
	return fd, e
}

func (k *calls) Memfd(name string) (int, sys.Errno) {
	k.begin()
	fd, e := k.Kernel.Memfd(name)
	k.done(fault.Memfd, -1, text(name), fd, e)
	return fd, e
}

func (k *calls) Truncate(fd int, size int64) sys.Errno {
	k.begin()
	e := k.Kernel.Truncate(fd, size)
	k.done(fault.Truncate, fd, uint64(size), 0, e)
	return e
}

func (k *calls) Size(fd int) (int64, sys.Errno) {
	k.begin()
	n, e := k.Kernel.Size(fd)
	k.done(fault.Size, fd, 0, int(n), e)
	return n, e
}

func (k *calls) Seal(fd, seals int) sys.Errno {
	k.begin()
	e := k.Kernel.Seal(fd, seals)
	k.done(fault.Seal, fd, uint64(seals), 0, e)
	return e
}

func (k *calls) Seals(fd int) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.Seals(fd)
	k.done(fault.Seals, fd, 0, n, e)
	return n, e
}

func (k *calls) Read(fd int, b []byte) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.Read(fd, b)
	k.done(fault.Read, fd, uint64(len(b)), n, e)
	return n, e
}

func (k *calls) Write(fd int, b []byte) (int, sys.Errno) {
	k.begin()
	n, e := k.Kernel.Write(fd, b)
	k.done(fault.Write, fd, sample(b), n, e)
	return n, e
}

func (k *calls) Map(fd, length int) ([]byte, sys.Errno) {
	k.begin()
	b, e := k.Kernel.Map(fd, length)
	k.done(fault.Map, fd, uint64(length), len(b), e)
	return b, e
}

func (k *calls) Unmap(b []byte) sys.Errno {
	k.begin()
	n := len(b)
	e := k.Kernel.Unmap(b)
	k.done(fault.Unmap, -1, uint64(n), 0, e)
	return e
}
