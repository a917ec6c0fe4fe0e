package driver

import "github.com/tsocket-go/tsocket/internal/sys"

// IO is one operation on a Sock. It is embedded in the object that owns the
// transfer, so that nothing is allocated per operation. Its result is N (bytes
// or packets moved, or the accepted descriptor) and Errno.
type IO struct {
	Msg     sys.Msg
	Packets []sys.Packet // of Recvfrom and Sendto, at least one
	N       int
	Errno   sys.Errno
	Peer    sys.Addr // of an accepted connection
	Owner   Owner
	// Now has a Sendto that cannot go on finish with EAGAIN instead of waiting.
	Now bool
	// Alone says that the errors of a Sendto are its own: the network tells the
	// socket nothing about datagrams that went before.
	Alone bool
	kind  kind
}

// Owner is told about its IO from the loop.
type Owner interface {
	// Prepare fills io.Msg, or io.Packets, right before a transfer is tried; the buffers are
	// the driver's until Finished, or until the try found nothing to do.
	Prepare(io *IO)
	// Finished says that io has its result. It is not called for an IO that finished
	// in place.
	Finished(io *IO)
}

type kind uint8

const (
	recv kind = iota
	send
	accept
	connect
	recvfrom
	sendto
	ready
)
