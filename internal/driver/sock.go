package driver

import (
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// acceptBudget is how many connections one listener hands out per turn.
const acceptBudget = 16

// packetBudget is how many packets one Sock receives per turn, or more if one
// call brings more.
const packetBudget = 16

// gone are the conditions that a later read has to explain.
const gone = sys.PeerClose | sys.Hangup | sys.Error | sys.Urgent

// Sock is a socket registered once, edge-triggered. It remembers what the
// kernel tells only once: readiness, the peer's close, errors.
type Sock struct {
	FD int // immutable

	loop   *Loop
	token  uint64
	rd, wr direction
	seen   sys.Ready // of gone, as long as reads have to explain it
	fault  sys.Errno // a reset that either direction was told; both have it then
	owed   sys.Errno // of an old datagram, told to a send; the next Recvfrom has it
	queued bool      // in loop.again or loop.now
	closed bool
	gone   func() // Monitor's; nil if nobody asked
}

// direction is one half of a Sock.
type direction struct {
	io     *IO  // waiting for readiness, or nil
	ready  bool // a call may succeed; true until the kernel said otherwise
	turn   uint64
	served int // calls made in that turn
}

// Open registers fd with the loop; from then on the Sock owns it.
func (l *Loop) Open(fd int) (*Sock, sys.Errno) {
	s := &Sock{}
	return s, s.Init(l, fd)
}

// Init is Open for a Sock that is part of another object. One that comes from
// another loop keeps what the kernel told only once.
func (s *Sock) Init(l *Loop, fd int) sys.Errno {
	*s = Sock{FD: fd, loop: l, fault: s.fault, owed: s.owed}
	s.rd.ready, s.wr.ready = true, true
	token, errno := l.Register(s, fd, sys.Edge)
	if errno != 0 {
		*s = Sock{fault: s.fault, owed: s.owed}
	}
	s.token = token
	return errno
}

// Recv receives into the buffers its owner prepares. It reports whether io has
// finished in place. N = 0 and Errno = 0 is the end of the stream.
func (s *Sock) Recv(io *IO) bool { return s.start(&s.rd, io, recv) }

// Send sends what its owner prepares, possibly a part of it.
func (s *Sock) Send(io *IO) bool { return s.start(&s.wr, io, send) }

// Accept takes the next connection of a listening socket.
func (s *Sock) Accept(io *IO) bool { return s.start(&s.rd, io, accept) }

// Connected waits for the outcome of a connect that is in progress.
func (s *Sock) Connected(io *IO) bool {
	if errno := s.wantOut(); errno != 0 {
		io.N, io.Errno = 0, errno
		return true
	}
	return s.start(&s.wr, io, connect)
}

// Readable waits until a receive or an accept may find something. It reports whether
// that is so already, as it is as long as none has found nothing.
func (s *Sock) Readable(io *IO) bool { return s.await(&s.rd, io) }

// Writeable is Readable for a send.
func (s *Sock) Writeable(io *IO) bool { return s.await(&s.wr, io) }

func (s *Sock) await(d *direction, io *IO) bool {
	if s.closed || d.ready {
		return true
	}
	io.kind = ready
	d.io = io
	return false
}

// Cancel takes a waiting io back; its owner hears nothing more of it.
func (s *Sock) Cancel(io *IO) {
	for _, d := range [...]*direction{&s.rd, &s.wr} {
		if d.io == io {
			d.io = nil
		}
	}
}

// Monitor calls f, at most once, when the peer's close, a hang-up or an error
// was seen; at once if it was seen before. nil ends it.
func (s *Sock) Monitor(f func()) {
	s.gone = f
	if f != nil && s.seen&^sys.Urgent != 0 {
		s.tell()
	}
}

// Fault is the latched error of the connection, asking the kernel once more;
// 0 if there is none.
func (s *Sock) Fault() sys.Errno {
	if s.fault == 0 && s.seen&sys.Error != 0 {
		if v, errno := s.pendingError(); errno == 0 {
			s.latch(v)
		}
	}
	return s.fault
}

// Release ends the registration and gives the descriptor back.
func (s *Sock) Release() int {
	if !s.closed && s.loop != nil {
		s.closed = true
		s.rd.io, s.wr.io, s.gone = nil, nil, nil
		if s.queued {
			s.loop.drop(s)
		}
		s.loop.Unregister(s.FD, s.token)
	}
	return s.FD
}

func (s *Sock) start(d *direction, io *IO, k kind) bool {
	if s.closed {
		io.N, io.Errno = 0, syscall.EBADF
		return true
	}
	io.kind = k
	if (d.ready || io.Now) && s.turnLeft(d, k) && s.try(d, io) {
		return true
	}
	d.io = io
	if d.ready { // its share of this turn is used up
		s.serveAgain()
	}
	return false
}

// serveAgain has the loop serve s in the next turn without waiting.
func (s *Sock) serveAgain() {
	if !s.queued {
		s.queued = true
		s.loop.again = append(s.loop.again, s)
	}
}

// turnLeft counts the calls of a direction in this turn: one receive from a
// stream, some accepts or packets; sends are bounded by their callers.
func (s *Sock) turnLeft(d *direction, k kind) bool {
	if d.turn != s.loop.turn {
		d.turn, d.served = s.loop.turn, 0
	}
	switch k {
	case recv:
		return d.served < 1
	case accept:
		return d.served < acceptBudget
	case recvfrom:
		return d.served < packetBudget
	}
	return true
}

// Ready notes what the Poller reported and serves what was waiting for it.
func (s *Sock) Ready(r sys.Ready) {
	s.seen |= r & gone
	if r&(sys.In|gone) != 0 {
		s.rd.ready = true
	}
	if r&(sys.Out|sys.Hangup|sys.Error) != 0 {
		s.wr.ready = true
	}
	s.serve()
}

// serve runs the writer first, so that two peers that both write and read
// make room for each other before they take on more.
func (s *Sock) serve() {
	if s.wr.io != nil {
		s.advance(&s.wr)
	}
	if s.rd.io != nil && !s.closed {
		s.advance(&s.rd)
	}
	if !s.closed && s.gone != nil && s.seen&^sys.Urgent != 0 {
		s.tell()
	}
}

func (s *Sock) tell() {
	f := s.gone
	s.gone = nil
	f()
}

// advance lets a waiting IO try again and hands it back when it has finished.
func (s *Sock) advance(d *direction) {
	io := d.io
	if !d.ready {
		return
	}
	d.io = nil
	if s.start(d, io, io.kind) {
		io.Owner.Finished(io)
	}
}
