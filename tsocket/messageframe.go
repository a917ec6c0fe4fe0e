package tsocket

import (
	"encoding/binary"
	"fmt"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/tevent"
)

// frameHead is how many bytes the length of a frame has.
const frameHead = 4

// frameIn is a message that comes as a frame of a stream.
type frameIn struct {
	m    *Messages
	buf  []byte
	fds  []int
	from int64 // place of its length in a stream that carries descriptors
	size int   // of the message; 0 as long as its length is not there
	got  int   // bytes in buf
}

func (o *frameIn) set(buf []byte, fds []int) { o.buf, o.fds, o.size, o.got = buf, fds, 0, 0 }

// forget lets go of the caller's memory.
func (o *frameIn) forget() { o.buf, o.fds = nil, nil }

// frameOp receives one.
type frameOp struct {
	tevent.Op[Message]
	frameIn
	verb string
	stop func(error) bool
	drop func(Message)
}

func (m *Messages) recvFrame(verb string, buf []byte, fds []int) tevent.Req[Message] {
	if m.frame == nil || m.frame.State() != tevent.StateFree {
		o := &frameOp{frameIn: frameIn{m: m}}
		o.stop, o.drop = o.cancel, m.closeRights
		m.frame = o
	}
	o := m.frame
	o.verb = verb
	o.set(buf, fds)
	o.Start(m.s.ev, verb)
	if len(fds) > 0 {
		o.SetRelease(o.drop)
	}
	m.s.beginRead(o)
	return o.Req()
}

func (o *frameOp) arm() { o.SetCancel(o.stop) }

// part is where the message goes: all of it, or what there is room for.
func (o *frameIn) part() []byte { return o.buf[:min(o.size, len(o.buf))] }

// buffers is what is left of the caller's, and the inbox for what comes before and
// beyond.
func (o *frameIn) buffers() [][]byte {
	s := o.m.s
	s.read.bufs = s.read.bufs[:0]
	over := s.overRead()
	switch {
	case o.m.skip > 0:
		over = max(over, min(o.m.skip, driver.BufferSize))
	case o.size == 0:
		over = max(over, frameHead)
	default:
		s.read.bufs = append(s.read.bufs, o.part()[o.got:])
	}
	if over > 0 {
		s.read.bufs = append(s.read.bufs, s.in.space(over))
	}
	return s.read.bufs
}

func (o *frameIn) arrived(n int) {
	own := min(n, len(o.part())-o.got)
	o.got += own
	if n > own {
		o.m.s.in.arrived(n - own)
	}
}

func (o *frameIn) feed() bool {
	o.m.discard()
	if o.size == 0 && !o.begin() {
		return false
	}
	in := &o.m.s.in
	n := copy(o.part()[o.got:], in.bytes())
	in.consume(n)
	o.got += n
	return o.got == len(o.part())
}

// discard drops what the inbox has of the rest of a frame that was cut.
func (m *Messages) discard() {
	n := min(m.skip, m.s.in.len())
	m.s.in.consume(n)
	m.skip -= n
}

// begin takes the length; with one that cannot be, the read direction is over.
func (o *frameIn) begin() bool {
	s := o.m.s
	if o.m.skip > 0 || s.in.len() < frameHead {
		return false
	}
	size := sizeOf(s.in.bytes())
	if err := o.m.refuses(size); err != nil {
		s.rerr = err
		return false
	}
	if s.carriage != nil {
		o.from = s.here()
	}
	s.in.consume(frameHead)
	o.size = int(size)
	return true
}

// sizeOf is the length that a frame begins with.
func sizeOf(frame []byte) uint64 { return uint64(binary.BigEndian.Uint32(frame)) }

// refuses is why no message has n bytes.
func (m *Messages) refuses(n uint64) error {
	switch {
	case n == 0:
		return fmt.Errorf("empty message: %w", syscall.EBADMSG)
	case n > uint64(m.max):
		return fmt.Errorf("message of %d bytes, at most %d are allowed: %w", n, m.max, syscall.EMSGSIZE)
	}
	return nil
}

// outcome is the message, or why there is none, in which case what came of it is
// dropped.
func (o *frameIn) outcome(err error) (Message, error) {
	m, s := o.m, o.m.s
	g := Message{N: o.got, Truncated: err == nil && o.size > o.got}
	inside := o.size > 0 || m.skip > 0 || s.in.len() > 0
	switch {
	case err != nil:
		m.skip = 0
		s.in.drop()
	default:
		m.skip = o.size - o.got
		o.takeRights(&g)
	}
	s.passed()
	o.forget()
	return g, end(err, inside)
}

func (o *frameOp) finish(err error) {
	g, err := o.outcome(err)
	o.Finish(g, o.m.s.wrap(o.verb, err))
}

// takeRights takes the descriptors that came with the frame.
func (o *frameIn) takeRights(g *Message) {
	if s := o.m.s; len(o.fds) > 0 {
		g.FDs, g.Surplus = s.carriage.take(s.last.Driver().Kernel, o.from+int64(frameHead+o.got), o.fds)
	}
}

// cancel gives the bytes back to the stream.
func (o *frameOp) cancel(cause error) bool {
	s := o.m.s
	s.unread(o)
	if o.size > 0 {
		s.in.putBack(frameHead+o.got, func(yield func([]byte)) {
			yield(binary.BigEndian.AppendUint32(nil, uint32(o.size)))
			yield(o.buf[:o.got])
		})
	}
	o.forget()
	o.Finish(Message{}, s.wrap(o.verb, cause))
	return true
}
