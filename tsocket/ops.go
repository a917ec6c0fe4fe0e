package tsocket

import "github.com/tsocket-go/tsocket/tevent"

// StreamOps is what a transport implements; Stream is the front that gives it
// the rules. It is called from the loop of the context it is attached to.
//
// At most one Read and one Write are outstanding. Either may be finished inside
// its Start call or later from the loop. After Cancel the
// transport touches neither any more, and after Close no Shut either. Source: struct tstream_context_ops.
type StreamOps interface {
	// StartRead receives at least one byte into r.Buffers, then calls r.Finish.
	StartRead(r *Read)
	// StartWrite sends all of w.Buffers, calling w.Advance, then w.Finish.
	StartWrite(w *Write)
	// CancelRead and CancelWrite take the outstanding Read or Write back. What
	// was moved before has been told by Finish or Advance.
	CancelRead()
	CancelWrite()
	// StartShut does a step of the end, then calls x.Finish: in place, or later
	// if the step cannot complete now. The step stays the transport's, whatever
	// becomes of the request that asked. Each is asked for once at most.
	StartShut(x *Shut)
	// Close releases everything, with force. It comes last, once.
	Close() error
	// Monitor has f called once, from the loop, when the peer goes away; nil
	// ends that. io.EOF is an orderly end.
	Monitor(f func(error))
	// Pending is how many bytes can be read without waiting, at least.
	Pending() (int, error)
	// Attach registers an idle transport with ev, Detach ends that.
	Attach(ev *tevent.Context) error
	Detach() error
}

// Aborter is what a StreamOps has besides if its transport can break a
// connection.
type Aborter interface {
	// Abort makes the Close that follows reset the connection.
	Abort()
}

// Read is one receive that a Stream asks of its transport.
type Read struct {
	s    *Stream
	bufs [][]byte
}

// Buffers is where bytes go. A transport calls it when it can move bytes, moves
// them and calls Finish before it does anything else, with another stream or
// the loop: memory may be one that all of a loop use. If it has none after all,
// it forgets the buffers.
func (r *Read) Buffers() [][]byte { return r.s.readBuffers() }

// Finish ends the read: n bytes are in the buffers, from the first on. With n =
// 0, err says why there are none: io.EOF at the end of the stream.
func (r *Read) Finish(n int, err error) { r.s.received(n, err) }

// Write is one send that a Stream asks of its transport.
type Write struct {
	s    *Stream
	bufs [][]byte
}

// Buffers is what is still to be sent, at most 1024 pieces of it; empty when
// everything was taken. It is valid until Advance, Finish or CancelWrite.
func (w *Write) Buffers() [][]byte { return w.s.out.buffers(w) }

// Empty reports whether everything was taken.
func (w *Write) Empty() bool { return w.s.out.empty() }

// Advance says that n more bytes were taken.
func (w *Write) Advance(n int) { w.s.advanced(n) }

// alone reports whether the first message is not sent together with others.
func (w *Write) alone() bool { return w.s.out.alone(w.s.out.head) }

// refuse ends the first message alone with err.
func (w *Write) refuse(err error) { w.s.refused(err) }

// Finish ends the write: nil when all was taken.
func (w *Write) Finish(err error) { w.s.written(err) }
