// Package wire is the codec of the negotiation's frames: eight bytes of
// header, a payload, and the bounds of both.
//
// Every decoder checks each length against its limit before it allocates, never
// panics, copies what it returns (except [DecodeStep]) and accepts exactly what
// docs/wire.md describes. What only happens locally, such as a closed peer, has
// no type here and so cannot be sent by a peer.
//
// # Concurrency
//
// All types are plain values; functions are safe for concurrent use.
package wire
