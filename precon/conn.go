package precon

import "github.com/tsocket-go/tsocket/tsocket"

// Conn is a negotiated connection. It is owned by the loop.
type Conn struct {
	stream *tsocket.Stream // immutable
	plan   Plan            // immutable
}

// Stream is the path's stream. It may be written at once; what is read was sent
// by a peer that has committed to the same path. Until then reads wait, and the
// stream cannot be disconnected or moved to another loop (EBUSY); if the peer
// gives up instead, its operations fail with an *Error.
func (c *Conn) Stream() *tsocket.Stream { return c.stream }

// Plan says how the connection came to its path.
func (c *Conn) Plan() Plan { return c.plan }

// Close closes the path with force; closing its stream does the same.
func (c *Conn) Close() error { return c.stream.Close() }
