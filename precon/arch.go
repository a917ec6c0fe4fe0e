package precon

import (
	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Arch is one kind of path: configuration only. What an attempt holds lives in
// the request of Begin. Source: the plugin interface of pscom.
type Arch interface {
	// Name is the arch on the wire: 1 to 32 printable ASCII bytes.
	Name() string
	// Traits are what the machine has to know.
	Traits() Traits
	// Offer returns the parameters for our CON_INFO, at most 256 bytes. With an
	// error the arch is not offered, which the Plan tells.
	Offer(l Local) (params []byte, err error)
	// Init is asked before an attempt; it cannot send. An error refuses the
	// path. The active side is asked twice for its first rung: before it knows
	// the peer (Pair.Known is false) and after.
	Init(p Pair) error
	// Begin runs our half of an attempt: done with a Path is our OK, failed is
	// our NEXT, a *Refusal with its reason; it is cancelled when the peer gives
	// up or the bootstrap is lost, and completes when it has released
	// everything.
	Begin(ev *tevent.Context, p Pair, ch *Channel) tevent.Req[Path]
}

// Looper is an arch that connects two ends in one process, without a wire.
type Looper interface {
	Arch
	// Loop returns both ends of a new path on ev.
	Loop(ev *tevent.Context) (a, b *tsocket.Stream)
}

// Place is where an arch's path runs.
type Place uint8

const (
	InPlace Place = iota // on the bootstrap itself
	Beside               // on a path of its own; the bootstrap is closed
)

// Traits are the properties of an arch that do not depend on the peer.
type Traits struct {
	Services Services // what its paths carry; 0 stands for Stream
	Place    Place
	Strength Strength // beside: what the path protects; in place it is the bootstrap's
}

// Services is a set of what a path can carry.
type Services = wire.Services

// Stream is the service of bytes in order.
const Stream = wire.Stream

// Strength is what a path protects, weakest first.
type Strength = wire.Strength

// The strengths.
const (
	Clear         = wire.Clear
	Authenticated = wire.Authenticated
	Confidential  = wire.Confidential
)

// Local is what Offer may know.
type Local struct {
	Name      string // of the endpoint
	Bootstrap string // "tcp" or "unix"
}

// Pair is what both sides know of each other when an attempt begins.
type Pair struct {
	Active    bool   // we opened the bootstrap
	Known     bool   // the peer's half is there
	SameHost  bool   // both seem to be on one host and network; a hint, never a proof
	Bootstrap string // "tcp" or "unix"
	Peer      string // the peer's name; its own choice: quote it before printing
	Mine      []byte // our parameters
	Theirs    []byte // the peer's parameters
}

// Path is what Begin completes with: exactly one of Open and Stream.
type Path struct {
	// Open makes the stream of an in-place path from the bootstrap, once, after
	// both sides have committed. It cannot fail.
	Open func(boot *tsocket.Stream) *tsocket.Stream
	// Stream is a path beside the bootstrap. It is proved before it is used, and
	// closed if the attempt fails.
	Stream *tsocket.Stream
	// Secret, shared by both halves, confirms the transcript; may be nil.
	Secret []byte
}

// Refusal is the error of an arch that does not want a path, with the reason
// the peer is told.
type Refusal struct {
	Reason Reason // 0 stands for ReasonFailed
	Text   string // at most 128 bytes reach the peer
}

// Error is reason and text in one line.
func (r *Refusal) Error() string {
	if r.Text == "" {
		return r.Reason.String()
	}
	return r.Reason.String() + ": " + r.Text
}

// Reason is why something was refused or ended, as on the wire.
type Reason = wire.Reason

// The reasons an arch gives.
const (
	ReasonTimeout = wire.Timeout
	ReasonRefused = wire.Refused
	ReasonFailed  = wire.Failed
	ReasonPolicy  = wire.Policy
)
