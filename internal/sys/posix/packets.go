//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// RecvPackets receives one after the other, as RecvPacket does.
func (k *Kernel) RecvPackets(fd int, ps []sys.Packet) (int, sys.Errno) {
	for i := range ps {
		n, e := k.RecvPacket(fd, &ps[i])
		if e != 0 {
			return i, e
		}
		ps[i].N = n
	}
	return len(ps), 0
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
