package machine

import "github.com/tsocket-go/tsocket/precon/internal/wire"

// Config is what one side brings to a negotiation. Immutable after New.
type Config struct {
	// Mine is our CON_INFO. Its role decides which side the machine plays; the
	// passive side's Conn is filled in from the peer's. Its limits are those of
	// [wire.ConInfo].
	Mine wire.ConInfo

	// Key is the bootstrap's shared key (TLS exporter, PSK), nil without one.
	Key []byte

	// Versions is the range we speak; zero means [wire.Spoken].
	Versions wire.Range

	// Init is the arch's con_init: an error refuses the rung. peer is nil when
	// the active side asks before it sends REQ(1); it asks again once peer is
	// known. Must not be nil, must not call the machine.
	Init func(arch string, peer *wire.ConInfo) error

	// Admit decides about a peer before it is answered; a Refusal
	// (zero means [wire.Policy]; its Arch is not used) ends the negotiation. Nil
	// admits everyone.
	Admit func(peer *wire.ConInfo) *wire.Refusal

	// OwnDial reports whether a connection id is one of this endpoint's own
	// outstanding dials. Nil: none is.
	OwnDial func(conn wire.ID) bool
}
