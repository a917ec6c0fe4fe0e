package tsocket

import (
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tsocket/internal/progress"
)

// Role is the place of a layer in a connection.
type Role uint8

const (
	// DataLayer changes the bytes, as TLS does. It is above a CtrlLayer.
	DataLayer Role = data
	// CtrlLayer has somebody else open or hold the connection, as a proxy does.
	CtrlLayer Role = ctrl
)

// LayerConfig is how a layer is laid on a stream.
type LayerConfig struct {
	// Name is for people, such as "tls".
	Name string
	// Role is the layer's place.
	Role Role
	// Accepted says that the connection came from a listener.
	Accepted bool
	// Linger bounds what the layers still have to say when the stream is closed:
	// 0 stands for DefaultLinger, less is not at all.
	Linger time.Duration
}

// Layer is a layer that is being set up: its handshake runs on the stream below.
// It is owned by whoever runs that, until Done. It is owned by the loop.
type Layer struct {
	c     *connection
	i     int
	local Address
	peer  Address
}

// Lay puts ops, which uses the stream lower, on top of it. From now on the
// connection of the two owns lower, which nobody else uses any more. A data layer
// on a stream with a ctrl layer joins its connection; any other stream, layers or
// not, becomes the sock of a new one.
//
// Errors: those that stick to lower, EBUSY while an operation of it is pending,
// ENOTCONN after a direction was shut, EOPNOTSUPP on a stream of messages or one
// that carries descriptors, EINVAL for a Role that is none.
func (cfg LayerConfig) Lay(lower *Stream, ops StreamOps) (*Layer, error) {
	err := lower.usable()
	switch {
	case err != nil:
	case cfg.Role != DataLayer && cfg.Role != CtrlLayer:
		err = syscall.EINVAL
	case lower.busy() || lower.monitor != nil || lower.over != nil:
		err = syscall.EBUSY
	case lower.shuts != nil:
		err = syscall.ENOTCONN
	case lower.carriage != nil || lower.out.whole:
		err = syscall.EOPNOTSUPP
	default:
		err = lower.werr
	}
	if err != nil {
		return nil, lower.wrap("lay", err)
	}
	lower.tries.end()
	c := lower.conn
	if c == nil || cfg.Role != DataLayer || c.levels[data].exists() {
		c = newConnection(lower, cfg.state())
		c.linger = cfg.linger()
	}
	c.put(int(cfg.Role), lower, ops, cfg.Name)
	return &Layer{c, int(cfg.Role), lower.local, lower.remote}, nil
}

func (cfg LayerConfig) state() connState {
	if cfg.Accepted {
		return accepted
	}
	return connecting
}

func (cfg LayerConfig) linger() time.Duration {
	if cfg.Linger == 0 {
		return DefaultLinger
	}
	return cfg.Linger
}

// Connected says that the other side of the layer has answered as it should.
func (l *Layer) Connected() {
	if open := &l.level().open; *open == progress.Started {
		open.Complete()
	}
}

// Done ends the setting up and returns the stream of the layer. The addresses are
// for people and errors; zero ones stand for those of the stream below.
func (l *Layer) Done(local, remote Address) *Stream {
	l.Connected()
	if !local.IsValid() {
		local = l.local
	}
	if !remote.IsValid() {
		remote = l.peer
	}
	return l.c.hand(l.i, local, remote)
}

// Fail says that the layer has failed, before Done or later: every level is
// closed, in order. The stream's writes fail with err; what came before can
// still be read, and holds the close up to its end.
func (l *Layer) Fail(err error) {
	if !l.level().exists() {
		return
	}
	l.c.fail(l.level(), err)
	if l.c.owner == nil {
		l.Close()
	} else {
		l.c.run()
	}
}

// Close gives up a layer that is being set up, and closes every level. After Done
// it does nothing: the stream is its owner's.
func (l *Layer) Close() error {
	if l.level().done || !l.level().exists() {
		return nil
	}
	return l.c.close()
}

// String tells how far the connection of the layer has come.
func (l *Layer) String() string { return l.c.String() }

func (l *Layer) level() *level { return &l.c.levels[l.i] }
