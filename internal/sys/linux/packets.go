//go:build linux

package linux

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// packets is what the kernel reads and writes during a call for several packets,
// one of each for a packet.
type packets struct {
	heads [sys.MaxPackets]mmsghdr
	names [sys.MaxPackets]sockaddr
	ctls  [sys.MaxPackets]segment
}

// mmsghdr is struct mmsghdr.
type mmsghdr struct {
	unix.Msghdr
	n uint32
}

// segment is a control message that says how many bytes make a datagram; the
// kernel takes 16 bits and gives 32.
type segment struct {
	head unix.Cmsghdr
	size [4]byte
	_    [4]byte // the kernel may write padding
}

const (
	sizeSent = 2
	sizeTold = 4
	// few is for how many packets a call is not worth telling the scheduler about:
	// the shortest takes 0.3 µs to receive and 1 µs to send.
	few = 8
)

// RecvPackets receives datagrams with recvmmsg(2); see there for its errors. One
// that the kernel meets after some packets comes back with the next call.
func (k *Kernel) RecvPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	ps = ps[:min(len(ps), sys.MaxPackets)]
	x := k.many()
	k.gatherEach(ps)
	for i := range ps {
		h := &x.heads[i]
		x.names[i].reset()
		h.Name, h.Namelen = x.names[i].bytesPointer(), x.names[i].len
		if ps[i].Segment > 0 {
			h.Control = (*byte)(unsafe.Pointer(&x.ctls[i]))
			h.SetControllen(unix.CmsgSpace(sizeTold))
		}
	}
	n, e := transfer(len(ps) > few, unix.SYS_RECVMMSG, uintptr(fd), uintptr(unsafe.Pointer(&x.heads)), uintptr(len(ps)), recvFlags|unix.MSG_CMSG_CLOEXEC)
	for i := range n {
		x.received(i, fd, &ps[i])
	}
	k.forgetEach(len(ps))
	if e == 0 && n < len(ps) {
		e = unix.EAGAIN
	}
	return n, e
}

// received takes over what came with packet i.
func (x *packets) received(i, fd int, p *sys.Packet) {
	h := &x.heads[i]
	x.names[i].len = h.Namelen
	x.names[i].decodeTo(fd, &p.Addr)
	p.N, p.Cut = int(h.n), 0
	if h.Flags&unix.MSG_TRUNC != 0 {
		p.Cut = sys.CutBytes
	}
	if h.Flags&unix.MSG_CTRUNC != 0 {
		p.Cut |= sys.CutRights
	}
	if p.Segment > 0 {
		p.Segment = x.ctls[i].told(int(h.Controllen))
	}
}

// SendPackets sends datagrams with sendmmsg(2); see there for its errors, and
// encode for those of an address.
func (k *Kernel) SendPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	ps = ps[:min(len(ps), sys.MaxPackets)]
	x := k.many()
	for i := range ps {
		h := &x.heads[i]
		if ps[i].Addr.Family != 0 {
			if e := x.names[i].encode(fd, &ps[i].Addr); e != 0 && i == 0 {
				return 0, e
			} else if e != 0 {
				ps = ps[:i]
				break
			}
			h.Name, h.Namelen = x.names[i].bytesPointer(), x.names[i].len
		}
		if ps[i].Segment > 0 {
			x.ctls[i].say(ps[i].Segment)
			h.Control = (*byte)(unsafe.Pointer(&x.ctls[i]))
			h.SetControllen(unix.CmsgSpace(sizeSent))
		}
	}
	k.gatherEach(ps)
	n, e := transfer(len(ps) > few, unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&x.heads)), uintptr(len(ps)), sendFlags)
	for i := range n {
		ps[i].N = int(x.heads[i].n)
	}
	k.forgetEach(len(ps))
	return n, e
}

// many is the headers, zeroed.
func (k *Kernel) many() *packets {
	if k.packets == nil {
		k.packets = &packets{}
	}
	return k.packets
}

// gatherEach gives each header the buffers of its packet.
func (k *Kernel) gatherEach(ps []sys.Packet) {
	total := 0
	for i := range ps {
		total += len(ps[i].Bufs)
	}
	if cap(k.iov) < total { // it must not move while it is pointed to
		k.iov = make([]unix.Iovec, 0, total)
	}
	for i := range ps {
		start := len(k.iov)
		for _, b := range ps[i].Bufs {
			if len(b) > 0 && len(k.iov)-start < sys.MaxBufs {
				k.push(b)
			}
		}
		if n := len(k.iov) - start; n > 0 {
			k.packets.heads[i].Iov = &k.iov[start]
			k.packets.heads[i].SetIovlen(n)
		}
	}
}

// forgetEach forgets the buffers of n packets and zeroes their headers.
func (k *Kernel) forgetEach(n int) {
	k.scatter()
	clear(k.packets.heads[:n])
}

func (s *segment) say(size int) {
	s.head = unix.Cmsghdr{Level: unix.IPPROTO_UDP, Type: unix.UDP_SEGMENT}
	s.head.SetLen(unix.CmsgLen(sizeSent))
	*(*uint16)(unsafe.Pointer(&s.size)) = uint16(size)
}

// told is the size that came in n bytes of control messages, 0 if none did.
func (s *segment) told(n int) int {
	if n < unix.CmsgLen(sizeTold) || s.head.Level != unix.IPPROTO_UDP || s.head.Type != unix.UDP_GRO {
		return 0
	}
	return int(*(*int32)(unsafe.Pointer(&s.size)))
}
