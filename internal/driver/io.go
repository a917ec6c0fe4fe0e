package driver

import "github.com/tsocket-go/tsocket/internal/sys"

// IO is one operation on a Sock. It is embedded in the object that owns the
// transfer, so that nothing is allocated per operation. Its result is N (bytes
// moved, or the accepted descriptor) and Errno.
type IO struct {
	Msg   sys.Msg
	N     int
	Errno sys.Errno
	Peer  sys.Addr // of an accepted connection
	Owner Owner
	kind  kind
}

// Owner is told about its IO from the loop.
type Owner interface {
	// Prepare fills io.Msg right before a transfer is tried; the buffers are
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
)
