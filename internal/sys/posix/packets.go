//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// late is an error that was met behind packets.
type late struct {
	fd int
	e  sys.Errno // 0: there is none
}

// RecvPackets receives one after the other, as RecvPacket does.
func (k *Kernel) RecvPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	for i := range ps {
		n, e := k.RecvPacket(fd, &ps[i])
		switch {
		case e == 0:
			ps[i].N = n
		case i == 0 || e == unix.EAGAIN:
			return i, e
		case e == unix.EINTR:
			return i, 0
		default:
			k.late = late{fd, e}
			return i, 0
		}
	}
	return len(ps), 0
}

// overdue is the error that a receive from fd is owed.
func (k *Kernel) overdue(fd int) sys.Errno {
	if k.late.e == 0 || k.late.fd != fd {
		return 0
	}
	e := k.late.e
	k.late = late{}
	return e
}

// SendPackets sends one after the other, as SendPacket does.
func (k *Kernel) SendPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	for i := range ps {
		n, e := k.sendPacket(fd, &ps[i], segmentControl(ps[i].Segment))
		switch {
		case e == 0:
			ps[i].N = n
		case i == 0:
			return 0, e
		default:
			return i, 0
		}
	}
	return len(ps), 0
}

// segmentSize is the size in control messages that say what came joined, 0 if
// none does.
func segmentSize(control []byte) int {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return 0
	}
	for i := range messages {
		if n := joined(&messages[i]); n > 0 {
			return n
		}
	}
	return 0
}
