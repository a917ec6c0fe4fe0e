// Package precon negotiates the best path two endpoints both have. A connection
// starts on a bootstrap, TCP or a unix socket; both sides say what they can and
// would rather use, compute the same ladder from it, and walk it rung by rung
// until one works. What was offered, refused and why, and chosen is the
// connection's Plan.
//
// The smallest client dials and sends:
//
//	ep := precon.NewEndpoint(ev, precon.Config{Name: "client", Archs: []precon.Arch{tcp.Arch{}}})
//	conn, err := tevent.Wait(ev, ep.Dial(addr))
//	...
//	defer conn.Close()
//	conn.Stream().Send(hello).Ignore()
//
// The server listens and accepts; what fails before it is a connection is told
// to Listener.OnFail. A connection that was made elsewhere is negotiated on with
// Endpoint.Negotiate.
//
// # Ownership
//
// Whoever receives a Conn closes it; that closes its stream and whatever the
// path holds. An Arch is configuration and may be shared; what an attempt holds
// lives in the request of its Begin.
//
// # Concurrency
//
// An Endpoint and everything of it belong to the loop of its context.
//
// # Errors
//
// A negotiation that ends without a path fails on both sides with an *Error:
// errors.Is finds ErrNoCommonPath, ErrVersion, ErrPeerClosed, ErrStranger,
// ErrMirror, ErrPolicy, ErrProtocol, ErrSameID, ErrNeedTLS, ErrConfirm,
// ErrDeadline of tevent, or context.Canceled. The rules of the wire are in docs/wire.md.
package precon
