// Package tsocket is asynchronous sockets on an event context: connect, accept,
// readv, writev, peek, send, recvfrom, sendto and disconnect return a request, a
// future, that completes on the loop.
//
// The smallest client connects, sends, and reads four bytes:
//
//	ev, err := tevent.New()
//	...
//	s, err := tevent.Wait(ev, tsocket.Connect(ev, addr).SetTimeout(time.Second))
//	...
//	defer s.Close()
//	s.Send([]byte("ping")).Ignore()
//	buf := make([]byte, 4)
//	_, err = tevent.Wait(ev, s.Readv(buf))
//
// Connect, Listen, Socketpair and FromFD make streams of sockets, Pipe makes them
// in memory, and NewStream of any StreamOps. OpenDgram and DgramFromFD make
// endpoints of datagrams, NewDgram of any DgramOps. ConnectMessages, ListenMessages
// and FrameMessages make connections of messages. tsockettest shows on all of them
// that they keep the same rules.
//
// # Ownership
//
// Whoever holds a Stream, Dgram, Messages or listener closes it; [tevent.Op.Own] does so when a
// request finishes. Bytes given to an operation are the stream's until its
// request has completed; what Peek lends is the stream's and valid until
// Consume. One operation runs per direction: a second one is EBUSY. Send has a
// queue of its own.
//
// # Concurrency
//
// Everything belongs to the goroutine that runs the stream's context, except
// Stream.Queued.
//
// # Errors
//
// Errors are *net.OpError with the verb and the addresses. errors.Is finds the
// errno; io.EOF or io.ErrUnexpectedEOF, and EPIPE, at the end of a stream;
// net.ErrClosed after Close; tevent.ErrDeadline and context.Canceled when a
// request timed out or was cancelled, with the exact byte count as its value.
package tsocket
