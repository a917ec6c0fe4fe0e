package driver

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// Recvfrom receives one or more of the packets that its owner prepares; N is how
// many. An error sticks to nothing: it ends this io alone.
func (s *Sock) Recvfrom(io *IO) bool { return s.start(&s.rd, io, recvfrom) }

// Sendto sends one or more of the packets that its owner prepares; N is how
// many. Errno is the first one's.
func (s *Sock) Sendto(io *IO) bool { return s.start(&s.wr, io, sendto) }

// PacketFault is the error of an old packet that the next Recvfrom will be told,
// asking the kernel if there may be one; 0 if there is none. It is also why the
// kernel could not say.
func (s *Sock) PacketFault() sys.Errno {
	if s.seen != 0 {
		v, errno := s.pendingError()
		if errno != 0 {
			return errno
		}
		if v != 0 {
			s.owed = v
		}
		s.seen = 0
	}
	return s.owed
}

// owe keeps the error of an old packet for the next Recvfrom. Who waits for it,
// or for the peer to go, is told from the loop.
func (s *Sock) owe(errno sys.Errno) {
	s.owed = errno
	s.seen |= sys.Error
	s.rd.ready = true
	if s.rd.io != nil || s.gone != nil {
		s.serveAgain()
	}
}

// tryRecvfrom has nothing to guess from a count: a packet socket is empty when
// the kernel says so, and then no error is left either.
func (s *Sock) tryRecvfrom(io *IO) bool {
	if s.owed != 0 {
		io.Errno, s.owed = s.owed, 0
		return true
	}
	io.Owner.Prepare(io)
	n, errno := s.recvPackets(io.Packets)
	for errno == syscall.EINTR {
		n, errno = s.recvPackets(io.Packets)
	}
	s.rd.served += max(n-1, 0) // the call itself is counted
	if errno == syscall.EAGAIN {
		s.seen = 0
		errno = s.wantIn() // beside some, if that fails, the next call finds out
		if n == 0 && errno == 0 {
			return false
		}
	}
	io.N = n
	if n == 0 {
		io.Errno = errno
	}
	return true
}

// recvPackets makes the call that is cheapest for one, or for several.
func (s *Sock) recvPackets(ps []sys.Packet) (int, sys.Errno) {
	if len(ps) > 1 || ps[0].Segment > 0 {
		return s.loop.Kernel.RecvPackets(s.FD, ps)
	}
	var errno sys.Errno
	ps[0].N, errno = s.loop.Kernel.RecvPacket(s.FD, &ps[0])
	return count(errno), errno
}

func (s *Sock) sendPackets(ps []sys.Packet) (int, sys.Errno) {
	if len(ps) > 1 || ps[0].Segment > 0 {
		return s.loop.Kernel.SendPackets(s.FD, ps)
	}
	var errno sys.Errno
	ps[0].N, errno = s.loop.Kernel.SendPacket(s.FD, &ps[0])
	return count(errno), errno
}

// count is how many packets a call moved that moves one.
func count(errno sys.Errno) int {
	if errno != 0 {
		return 0
	}
	return 1
}

// trySendto repeats a call that met the error of an old packet: one that does
// not come again was nothing of this packet's.
func (s *Sock) trySendto(io *IO) bool {
	io.Owner.Prepare(io)
	n, errno := s.sends(io.Packets)
	if !io.Alone && toldLate(errno) {
		old := errno
		if n, errno = s.sends(io.Packets); errno != old {
			s.owe(old)
		}
	}
	if errno == syscall.EAGAIN && !io.Now {
		io.Errno = s.wantOut()
		return io.Errno != 0
	}
	io.N, io.Errno = n, errno
	return true
}

// sends is sendPackets without interruption.
func (s *Sock) sends(ps []sys.Packet) (int, sys.Errno) {
	n, errno := s.sendPackets(ps)
	for errno == syscall.EINTR {
		n, errno = s.sendPackets(ps)
	}
	return n, errno
}

// toldLate reports whether the network may answer with errno to a datagram
// that was sent already.
func toldLate(errno sys.Errno) bool {
	switch errno {
	case syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN,
		syscall.ENOPROTOOPT, syscall.EPROTO, syscall.EOPNOTSUPP, syscall.EACCES:
		return true
	}
	return false
}
