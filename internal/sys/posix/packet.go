//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

const rightSize = 4 // bytes of a descriptor in a control message

// RecvPacket receives one datagram or message; see recvmsg(2) for its errors.
// It has room for all descriptors that can come, so that none is lost open
// where the system does not close a surplus.
func (k *Kernel) RecvPacket(fd int, p *sys.Packet) (int, sys.Errno) {
	if e := k.overdue(fd); e != 0 {
		return 0, e
	}
	if k.control == nil {
		k.control = make([]byte, unix.CmsgSpace(sys.MaxRights*rightSize))
	}
	k.gatherAll(p.Bufs)
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	n, c, flags, from, err := unix.RecvmsgBuffers(fd, k.bufs, k.control, recvFlags)
	k.scatter()
	if err != nil {
		return 0, errno(err)
	}
	p.Addr, p.Cut = decode(from), cut(flags)
	for _, fd := range rights(k.control[:c]) {
		take(p, fd)
	}
	if p.Segment > 0 {
		p.Segment = segmentSize(k.control[:c])
	}
	return n, 0
}

func cut(flags int) (c sys.Cut) {
	if flags&unix.MSG_TRUNC != 0 {
		c |= sys.CutBytes
	}
	if flags&unix.MSG_CTRUNC != 0 {
		c |= sys.CutRights
	}
	return c
}

// rights are the descriptors in control messages.
func rights(control []byte) (fds []int) {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil
	}
	for i := range messages {
		if some, err := unix.ParseUnixRights(&messages[i]); err == nil {
			fds = append(fds, some...)
		}
	}
	return fds
}

// take hands a descriptor over, under the fork lock, or closes a surplus one.
func take(p *sys.Packet, fd int) {
	if len(p.Rights) == cap(p.Rights) {
		_ = unix.Close(fd)
		p.Cut |= sys.CutRights
		return
	}
	unix.CloseOnExec(fd)
	p.Rights = append(p.Rights, fd)
}

// SendPacket sends one datagram or message; see sendmsg(2) for its errors, and
// encode for those of the address. EINVAL: more than sys.MaxRights descriptors.
func (k *Kernel) SendPacket(fd int, p *sys.Packet) (int, sys.Errno) {
	if len(p.Rights) > sys.MaxRights {
		return 0, unix.EINVAL
	}
	var control []byte
	if len(p.Rights) > 0 {
		control = unix.UnixRights(p.Rights...)
	}
	return k.sendPacket(fd, p, control)
}

func (k *Kernel) sendPacket(fd int, p *sys.Packet, control []byte) (int, sys.Errno) {
	var to unix.Sockaddr
	if p.Addr.Family != 0 {
		var e sys.Errno
		if to, e = encode(&p.Addr); e != 0 {
			return 0, e
		}
	}
	k.gatherAll(p.Bufs)
	n, err := unix.SendmsgBuffers(fd, k.bufs, control, to, sendFlags)
	k.scatter()
	return max(n, 0), errno(err)
}

// gatherAll is gather, with one empty buffer when there is no other: some
// systems refuse to move none.
func (k *Kernel) gatherAll(bufs [][]byte) {
	if k.gather(bufs); len(k.bufs) == 0 {
		k.bufs = append(k.bufs, nil)
	}
}
