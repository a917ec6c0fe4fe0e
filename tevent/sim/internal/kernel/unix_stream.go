package kernel

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// stream is what a unix stream socket has to receive.
type stream struct {
	bytes    ring
	read     int64   // position of the first byte
	messages []chunk // in which they were sent
}

// chunk ends at a position of the stream. Descriptors travel with its first byte.
type chunk struct {
	start, end int64
	rights     []*file
}

func (s *stream) unread() int64 { return int64(s.bytes.n) }

func (c *chunk) cost() int { return int(c.end-c.start) + overhead }

func (u *unix) send(p *Proc, m *message) (int, sys.Errno) {
	if u.kind != syscall.SOCK_STREAM {
		return u.sendPacket(m)
	}
	v := u.peer
	switch {
	case m.addr.Family != 0 && u.joined:
		return 0, syscall.EISCONN
	case m.addr.Family != 0:
		return 0, syscall.EOPNOTSUPP
	case v == nil:
		return 0, syscall.ENOTCONN
	case u.shut&writing != 0:
		return 0, syscall.EPIPE
	}
	size := m.size()
	if size == 0 {
		p.net.dropAll(m.rights)
		return 0, 0
	}
	total := 0
	for total < size {
		if e := u.take(); e != 0 || u.sent >= u.options.sendBuf || v.closed || v.shut&reading != 0 {
			u.host.net.counts.Full++
			if total > 0 {
				break
			}
			return 0, u.blocked(v, e)
		}
		total += u.chunk(v, m, total, size-total)
	}
	return total, 0
}

// blocked is why nothing of a stream could be sent.
func (u *unix) blocked(v *unix, pending sys.Errno) sys.Errno {
	switch {
	case pending != 0:
		return pending
	case v.closed || v.shut&reading != 0:
		u.freed(0) // of the message that was made and not sent
		return syscall.EPIPE
	}
	return syscall.EAGAIN
}

// chunk sends one message of up to half the buffer.
func (u *unix) chunk(v *unix, m *message, skip, n int) int {
	n = min(n, max(1, u.options.sendBuf/2-64))
	s := &v.stream
	c := chunk{start: s.read + int64(s.bytes.n), rights: m.rights}
	m.rights = nil
	s.bytes.put(m, skip, n)
	c.end = c.start + int64(n)
	s.messages = append(s.messages, c)
	u.sent += c.cost()
	v.file.wake(sys.In)
	return n
}

func (u *unix) recv(p *Proc, m *message) (int, sys.Errno) {
	switch {
	case u.kind == syscall.SOCK_DGRAM:
		return u.recvPacket(m)
	case !u.joined && u.kind == syscall.SOCK_SEQPACKET:
		return 0, syscall.ENOTCONN
	case !u.joined:
		return 0, syscall.EINVAL
	case u.kind == syscall.SOCK_SEQPACKET:
		return u.recvPacket(m)
	case u.stream.unread() > 0:
		return u.receive(m), 0
	}
	switch e := u.take(); {
	case e != 0:
		return 0, e
	case u.shut&reading != 0:
		return 0, 0
	}
	return 0, syscall.EAGAIN
}

// receive takes bytes up to the end of the first message that has descriptors.
func (u *unix) receive(m *message) int {
	s := &u.stream
	n := min(s.unread(), int64(m.size()))
	m.addr = u.peer.named()
	freed, done := 0, 0
	for i := range s.messages {
		c := &s.messages[i]
		if c.start >= s.read+max(n, 1) {
			break
		}
		rights := c.rights
		if rights != nil {
			n = min(n, c.end-s.read)
			u.bring(m, rights)
			c.rights = nil
		}
		if c.end <= s.read+n {
			freed += c.cost()
			done++
		}
		if rights != nil {
			break
		}
	}
	s.messages = slices.Delete(s.messages, 0, done)
	s.bytes.get(m, int(n))
	s.read += n
	if done > 0 {
		u.peer.freed(freed)
	}
	return int(n)
}

// bring hands descriptors over, or drops them when nobody asks.
func (u *unix) bring(m *message, rights []*file) {
	if !m.packet {
		u.host.net.dropAll(rights)
		m.lost = true
		return
	}
	m.rights = rights
}

// purge forgets what was not received, of a sender who may have gone.
func (s *stream) purge(n *Net, from *unix) {
	freed := 0
	for i := range s.messages {
		n.dropAll(s.messages[i].rights)
		freed += s.messages[i].cost()
	}
	if from != nil && freed > 0 {
		from.freed(freed)
	}
	s.messages, s.bytes = nil, ring{}
}
