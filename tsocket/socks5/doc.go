// Package socks5 opens streams through a SOCKS 5 proxy: the proxy connects, and
// what comes back is a stream as any other, with a ctrl layer that was laid by
// this package.
//
//	r := socks5.Dial(ev, proxy, "tcp", "example.org:443").SetTimeout(10 * time.Second)
//	s, err := tevent.Wait(ev, r)
//
// The proxy resolves names. It is asked for CONNECT without authentication; what
// else RFC 1928 knows is refused with an error that says so. Nothing that a proxy
// sends is believed: lengths are checked before anything is read, and bytes
// behind its answer belong to the stream.
//
// # Ownership
//
// A request owns what it has opened until it is done; then the stream is the
// caller's. To close it closes the connection to the proxy, which ends the
// one behind: the protocol has no words for an end.
//
// # Concurrency
//
// Everything belongs to the goroutine that runs the event context.
//
// # Errors
//
// Errors are *net.OpError with "socks5" and the target. A [ReplyError] is the
// proxy's answer, a [ProtocolError] one that the protocol does not know;
// [ErrAuth] and [ErrCommand] are about what this package does not do.
package socks5
