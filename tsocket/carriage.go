package tsocket

import (
	"slices"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// carriage is what a stream has that carries descriptors: those that have come,
// each with the place in the stream that it came with.
type carriage struct {
	next    int64 // place of the byte that the transport brings next
	waiting []right
}

// right is a descriptor that waits for RecvRights.
type right struct {
	at int64 // never behind the byte that it was sent with
	fd int   // -1: some that the process had no room for
}

// CarryRights prepares a unix stream for descriptors: from now on it reads
// exactly, whatever SetReadAhead says, and descriptors wait with the bytes they
// came with, those that Peek lends and those of a cancelled read as well, until
// RecvRights takes the bytes. They are closed when another read does, or
// Consume. RecvRights calls it, so that it is needed only where another read comes
// first.
//
// Errors: EINVAL when bytes were over-read already, whose descriptors are gone,
// EBUSY while a read operation is pending, EOPNOTSUPP on what is no unix socket.
func (s *Stream) CarryRights() error { return s.wrap("carry rights", s.carryRights()) }

func (s *Stream) carryRights() error {
	f, err := s.unixSocket()
	switch {
	case err != nil:
		return err
	case s.carriage != nil:
		return nil
	case s.occupied() || s.gate != nil:
		return syscall.EBUSY
	case s.overReads:
		return syscall.EINVAL
	}
	s.carriage = &carriage{}
	f.extend()
	return nil
}

// here is the place of the first byte that no reader has.
func (s *Stream) here() int64 { return s.carriage.next - int64(s.in.len()) }

// brought notes that n bytes have come, and what came with them.
func (c *carriage) brought(n int, fds []int, cut bool) {
	for _, fd := range fds {
		c.waiting = append(c.waiting, right{c.next, fd})
	}
	if cut {
		c.waiting = append(c.waiting, right{c.next, -1})
	}
	c.next += int64(n)
}

// take moves to fds the descriptors that came before end, as far as there is room,
// and closes the others.
func (c *carriage) take(k sys.Kernel, end int64, fds []int) (took []int, surplus bool) {
	took = fds[:0]
	c.waiting = slices.DeleteFunc(c.waiting, func(r right) bool {
		switch {
		case r.at >= end:
			return false
		case r.fd >= 0 && len(took) < len(fds):
			took = append(took, r.fd)
		case r.fd >= 0:
			closeFD(k, r.fd)
			surplus = true
		default:
			surplus = true
		}
		return true
	})
	return took, surplus
}

// loaded reports whether descriptors wait.
func (s *Stream) loaded() bool { return s.carriage != nil && len(s.carriage.waiting) > 0 }

// passed closes the descriptors of bytes that were read without asking for them.
func (s *Stream) passed() {
	if s.loaded() {
		s.dropPassed()
	}
}

func (s *Stream) dropPassed() { s.carriage.take(s.last.Driver().Kernel, s.here(), nil) }

// unload closes the descriptors that nobody will take.
func (s *Stream) unload() {
	if c := s.carriage; c != nil {
		c.take(s.last.Driver().Kernel, c.next, nil)
	}
}
