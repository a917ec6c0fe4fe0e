package tsocket

import (
	"net"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/tevent"
)

// DefaultReadAhead is how many bytes beyond its reader's buffers a stream takes
// from the kernel in one call.
const DefaultReadAhead = driver.BufferSize

// Stream is a byte stream in both directions. It keeps the rules that hold on
// every transport: one operation per direction, the first error of a direction
// sticks, what was over-read is not lost, exact byte counts. It is owned by the
// loop of its context. Source: struct tstream_context.
type Stream struct {
	ops           StreamOps // immutable
	local, remote Address   // immutable
	held          tevent.Holding
	ev            *tevent.Context // nil while detached
	last          *tevent.Context // ev, or the one before it was detached
	onClose       []func()

	// Reading.
	in        inbox
	read      Read
	reading   bool // a Read is with the transport
	starting  bool // StartRead is on the stack
	reader    reader
	gate      *Gate    // holds the direction for a handshake
	parked    reader   // the user's, until the gate is opened
	readv     *readvOp // spare, or the reader
	peek      *peekOp  // spare, or the reader
	rerr      error    // the first; sticks
	readAhead int
	burst     uint64    // in which bytes came last
	overReads bool      // bytes may have come that nobody asked for
	carriage  *carriage // nil unless descriptors are carried
	tries     *tries    // of both directions; nil until used
	engine    any       // of a package above, see Engine

	// Writing.
	out  outbox
	werr error // the first; sticks

	// Ending.
	monitor  *monitorOp
	shuts    *[3]ending  // nil until one is asked for
	conn     *connection // what the stream is the top of, if it has layers
	over     *connection // whose layer stands on the stream, if one does
	state    linkState
	released bool
	flags    Flags
}

// linkState is how far a stream is from usable.
type linkState uint8

const (
	connected     linkState = iota
	disconnecting           // Disconnect has not been received yet
	disconnected
	closed
)

// refusal is why no operation may start in this state: nil if one may.
func (s linkState) refusal() error {
	switch s {
	case disconnecting:
		return syscall.ECONNABORTED
	case disconnected:
		return syscall.ENOTCONN
	case closed:
		return net.ErrClosed
	}
	return nil
}

// NewStream returns the front of a transport that is attached to ev. The
// addresses are for people and errors. From now on the Stream owns ops.
func NewStream(ev *tevent.Context, ops StreamOps, local, remote Address) *Stream {
	s := &Stream{}
	s.init(ev, ops, local, remote)
	return s
}

func (s *Stream) init(ev *tevent.Context, ops StreamOps, local, remote Address) {
	s.ops, s.local, s.remote = ops, local, remote
	s.read.s, s.out.write.s = s, s
	s.readAhead = DefaultReadAhead
	s.attached(ev)
}

// attached makes ev the stream's context.
func (s *Stream) attached(ev *tevent.Context) {
	s.ev, s.last = ev, ev
	s.in.pool = &ev.Driver().Buffers
	s.in.shrink.Init(ev, s.in.fit)
	s.out.flush.Init(ev, s.flushed)
	s.out.spares = sparesOf(ev.Driver())
	s.held = ev.Hold(tevent.KindFD, "stream")
	s.held.Describe(s)
}

// LocalAddr is the stream's own address.
func (s *Stream) LocalAddr() Address { return s.local }

// RemoteAddr is the peer's address.
func (s *Stream) RemoteAddr() Address { return s.remote }

// Context is the event context the stream is attached to; nil while detached.
func (s *Stream) Context() *tevent.Context { return s.ev }

// SetReadAhead sets how many bytes one receive may take beyond its reader's
// buffers: 0 reads exactly; at most DefaultReadAhead.
func (s *Stream) SetReadAhead(n int) { s.readAhead = min(max(n, 0), DefaultReadAhead) }

// Options are the socket's. Where there is none, each of them is EOPNOTSUPP.
func (s *Stream) Options() Options {
	_, own := s.ops.(*fdOps)
	if o, ok := beneath(s.ops).(Optioner); ok && !own {
		return o.Options()
	}
	return Options{s}
}

// socket is the descriptor, or why there is none.
func (s *Stream) socket() (sys.Kernel, int, error) {
	f, ok := s.ops.(*fdOps)
	switch err := s.usable(); {
	case err != nil:
		return nil, -1, err
	case !ok:
		return nil, -1, syscall.EOPNOTSUPP
	}
	return f.kernel(), f.fd, nil
}

func (s *Stream) isIPv6() bool { return s.local.Is6() }

// Buffered lends what was received and not yet consumed, as Peek does, without
// waiting; nil if there is nothing or a read operation is pending.
func (s *Stream) Buffered() []byte {
	if s.usable() != nil || s.isReading() || s.gate != nil || s.in.len() == 0 {
		return nil
	}
	if !s.in.lent {
		s.in.lent = true
		s.in.book = s.ev.Hold(tevent.KindBuffer, "buffered")
	}
	return s.in.bytes()
}

// Engine is a place in which a protocol engine on top of the stream keeps its
// spare operations, so that it allocates nothing in steady state.
func (s *Stream) Engine() *any { return &s.engine }

// Pending is how many bytes can be read without waiting, at least; the error is
// the one that sticks. Source: tstream_pending_bytes.
func (s *Stream) Pending() (int, error) {
	if err := s.usable(); err != nil {
		return 0, s.wrap("pending", err)
	}
	if s.gate != nil {
		return 0, nil // what is there may be the handshake's
	}
	n := s.in.len()
	if s.rerr != nil {
		if n > 0 {
			return n, nil
		}
		return 0, s.wrap("pending", end(s.rerr, false))
	}
	more, err := s.ops.Pending()
	return n + more, s.wrap("pending", err)
}

// usable is why no operation may start: nil if one may.
func (s *Stream) usable() error {
	if err := s.state.refusal(); err != nil || s.ev != nil {
		return err
	}
	return syscall.EINVAL // detached
}

// total is the length of bufs together; false if it does not fit an int.
func total(bufs [][]byte) (int, bool) {
	n := 0
	for _, b := range bufs {
		n += len(b)
		if n < 0 {
			return 0, false
		}
	}
	return n, true
}

// check is what Readv and Writev refuse before they look at the direction.
func (s *Stream) check(bufs [][]byte) (int, error) {
	n, ok := total(bufs)
	switch {
	case !ok:
		return 0, syscall.EMSGSIZE
	case n == 0:
		return 0, syscall.EINVAL
	}
	return n, s.usable()
}
