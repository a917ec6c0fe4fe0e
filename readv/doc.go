// Package readv splits a stream into PDUs: protocol data units, messages whose
// end the bytes themselves tell.
//
// A Framer knows where a PDU ends. PDU copies one out, PeekPDU lends it; bytes
// behind it stay in the stream:
//
//	var frame readv.Framer = readv.Length{Width: 4, Max: 1 << 20}
//
//	func (c *conn) read() { tevent.Then(readv.PDU(c.s, frame, c.buf), c, (*conn).got) }
//
// A variable of type Framer, made once, saves the allocation that a Length given
// to each call costs.
//
// Read is the engine for layouts that no framer describes: it asks a function
// for the next buffers to fill, until there are none. PDUQueue and ReadQueue
// serialize readers that do not know of each other.
//
// # Ownership
//
// Buffers given to Read are the stream's until the request has completed. What
// PeekPDU and Buffered lend is the stream's and valid until Consume, the next
// read operation or Close.
//
// # Concurrency
//
// Everything belongs to the loop of the stream's context. A Framer is immutable
// and may be shared by any number of streams.
//
// # Errors
//
// A PDU above its framer's maximum is a TooLongError, before anything of that
// size is allocated; one that contradicts itself is EBADMSG, a framer that does
// EINVAL. Nothing of such a PDU is consumed. Everything else is the stream's.
package readv
