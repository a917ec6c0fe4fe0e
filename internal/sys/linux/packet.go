//go:build linux

package linux

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// control is room for the descriptors of one packet; its header comes first.
type control struct {
	head unix.Cmsghdr
	fds  [sys.MaxRights]int32
}

const rightSize = int(unsafe.Sizeof(int32(0)))

// RecvPacket receives one datagram or message; see recvmsg(2) for its errors.
func (k *Kernel) RecvPacket(fd int, p *sys.Packet) (int, sys.Errno) {
	k.gatherAll(p.Bufs)
	k.name.reset()
	k.msg.Name, k.msg.Namelen = k.name.bytesPointer(), k.name.len
	room := min(cap(p.Rights)-len(p.Rights), sys.MaxRights)
	k.lend(room)
	n, e := transfer(false, unix.SYS_RECVMSG, uintptr(fd), uintptr(unsafe.Pointer(&k.msg)), recvFlags|unix.MSG_CMSG_CLOEXEC, 0)
	if e == 0 {
		k.name.len = k.msg.Namelen
		k.name.decodeTo(fd, &p.Addr)
		p.Cut = 0
		k.takeOver(p)
	}
	k.scatterAll()
	return n, e
}

// SendPacket sends one datagram or message; see sendmsg(2) for its errors, and
// encode for those of the address. EINVAL: more than sys.MaxRights descriptors.
func (k *Kernel) SendPacket(fd int, p *sys.Packet) (int, sys.Errno) {
	if len(p.Rights) > sys.MaxRights {
		return 0, unix.EINVAL
	}
	if p.Addr.Family != 0 {
		if e := k.name.encode(fd, &p.Addr); e != 0 {
			return 0, e
		}
		k.msg.Name, k.msg.Namelen = k.name.bytesPointer(), k.name.len
	}
	k.gatherAll(p.Bufs)
	k.lend(len(p.Rights))
	for i, r := range p.Rights {
		k.ctl.fds[i] = int32(r)
	}
	n, e := transfer(false, unix.SYS_SENDMSG, uintptr(fd), uintptr(unsafe.Pointer(&k.msg)), sendFlags, 0)
	k.scatterAll()
	return n, e
}

func (s *sockaddr) bytesPointer() *byte { return (*byte)(unsafe.Pointer(&s.raw)) }

// gatherAll fills k.msg with the first sys.MaxBufs buffers that are not empty.
func (k *Kernel) gatherAll(bufs [][]byte) {
	for _, b := range bufs {
		if len(b) > 0 && len(k.iov) < sys.MaxBufs {
			k.push(b)
		}
	}
	if len(k.iov) > 0 {
		k.lendBufs()
	}
}

// lend gives k.msg room for n descriptors, exactly.
func (k *Kernel) lend(n int) {
	if n == 0 {
		return
	}
	size := unix.CmsgLen(n * rightSize)
	k.ctl.head = unix.Cmsghdr{Level: unix.SOL_SOCKET, Type: unix.SCM_RIGHTS}
	k.ctl.head.SetLen(size)
	k.msg.Control = (*byte)(unsafe.Pointer(&k.ctl))
	k.msg.SetControllen(size)
}

// takeOver takes what came beside the bytes.
func (k *Kernel) takeOver(p *sys.Packet) {
	if k.msg.Flags&unix.MSG_TRUNC != 0 {
		p.Cut |= sys.CutBytes
	}
	if k.msg.Flags&unix.MSG_CTRUNC != 0 {
		p.Cut |= sys.CutRights
	}
	if k.msg.Control == nil || int(k.msg.Controllen) < unix.CmsgLen(0) {
		return
	}
	if h := &k.ctl.head; h.Level == unix.SOL_SOCKET && h.Type == unix.SCM_RIGHTS {
		for _, fd := range k.ctl.fds[:(int(h.Len)-unix.CmsgLen(0))/rightSize] {
			p.Rights = append(p.Rights, int(fd))
		}
	}
}

// scatterAll forgets the buffers and what was lent.
func (k *Kernel) scatterAll() {
	k.scatter()
	k.msg = unix.Msghdr{}
}
