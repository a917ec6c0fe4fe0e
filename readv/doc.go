// Package readv splits a stream into PDUs: protocol data units, messages whose
// length the bytes themselves tell.
//
// A Framer knows where a PDU ends. PDU copies one out, PeekPDU lends it; bytes
// behind it stay in the stream:
//
//	frame := readv.Length{Width: 4, Max: 1 << 20}
//	readv.PDU(s, frame, nil).Then(c, c.got)
//
// Read is the engine for layouts that no framer describes: it asks a function
// for the next buffers to fill, until there are none.
//
// # Ownership
//
// Buffers given to Read are the stream's until the request has completed. What
// PeekPDU lends is the stream's and valid until Consume.
//
// # Concurrency
//
// Everything belongs to the loop of the stream's context. A Framer is immutable
// and may be shared by any number of streams.
//
// # Errors
//
// A PDU above its framer's maximum is a TooLongError, before anything of that
// size is allocated. Everything else is the stream's.
package readv
