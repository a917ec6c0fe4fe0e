package precon

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

const (
	defaultTimeout = 10 * time.Second
	defaultTries   = 3
	// maxHalfOpen is how many inbound negotiations one endpoint runs at once.
	maxHalfOpen = 1024
)

// Config is what an endpoint brings to its connections.
type Config struct {
	Name    string        // told to peers, at most 255 bytes
	Archs   []Arch        // best first, at most 16
	Policy  Policy        // what negotiation can never fall below
	Timeout time.Duration // of a negotiation, from connect or accept on; 0 stands for 10 s
	Tries   int           // bootstraps a Dial opens when connecting fails or the connection is lost; 0 stands for 3
}

// Policy is the floor of an endpoint; the zero Policy has none.
type Policy struct {
	Floor Strength // no path that protects less, from either side
}

// Endpoint is one party: it dials and listens under one identity. Two endpoints
// of one process are two peers. It is owned by the loop.
type Endpoint struct {
	ev      *tevent.Context // immutable
	cfg     Config          // immutable
	id      wire.ID         // immutable
	tag     wire.ID         // immutable; names the host
	host    string          // immutable; its identity, which only those on it can compute the tag from
	looks   []*Listener
	dials   map[wire.ID]*dialOp
	inbound map[sessionKey]*session // passive negotiations that know their peer
	open    int                     // passive negotiations under way
}

// NewEndpoint returns an endpoint on ev. It holds nothing until it dials or
// listens.
func NewEndpoint(ev *tevent.Context, cfg Config) *Endpoint {
	e := &Endpoint{ev: ev, cfg: cfg, dials: map[wire.ID]*dialOp{}, inbound: map[sessionKey]*session{}}
	if e.cfg.Timeout <= 0 {
		e.cfg.Timeout = defaultTimeout
	}
	if e.cfg.Tries <= 0 {
		e.cfg.Tries = defaultTries
	}
	ev.Secret(e.id[:])
	e.host = ev.HostID()
	e.tag = hostTag(e.host, e.id)
	return e
}

// hostTag hides the host's identity from who is not on it: only with the same
// identity the receiver computes the same tag.
func hostTag(host string, id wire.ID) (tag wire.ID) {
	sum := sha256.Sum256(append([]byte(host), id[:]...))
	copy(tag[:], sum[:])
	return tag
}

// newID is a random id.
func (e *Endpoint) newID() (id wire.ID) {
	e.ev.Secret(id[:])
	return id
}

// conInfo is our CON_INFO for one bootstrap, and what is not offered in it.
func (e *Endpoint) conInfo(role wire.Role, conn wire.ID, boot *tsocket.Stream) (wire.ConInfo, []PlanLine) {
	c := wire.ConInfo{
		Endpoint: e.id, Conn: conn, Nonce: e.newID(), HostTag: e.tag, Role: role,
		Services: Stream, Flags: e.cfg.Policy.flags(), Name: e.cfg.Name, Address: boot.LocalAddr().String(),
	}
	var not []PlanLine
	for i, a := range e.cfg.Archs {
		params, err := a.Offer(Local{e.cfg.Name, boot.LocalAddr().Network()})
		if err != nil {
			not = append(not, PlanLine{Arch: a.Name(), Result: NotOffered, Reason: err.Error()})
			continue
		}
		c.Offers = append(c.Offers, offer(a, i, params))
	}
	return c, not
}

func offer(a Arch, i int, params []byte) wire.Offer {
	t := a.Traits()
	if t.Services == 0 {
		t.Services = Stream
	}
	return wire.Offer{Arch: a.Name(), Preference: uint8(min(i+1, 255)), Services: t.Services, Strength: t.Strength, Params: params}
}

func (p Policy) flags() wire.Flags {
	switch p.Floor {
	case Confidential:
		return wire.FloorConfidential
	case Authenticated:
		return wire.FloorAuthenticated
	}
	return 0
}

// arch is the endpoint's arch of that name.
func (e *Endpoint) arch(name string) Arch {
	for _, a := range e.cfg.Archs {
		if a.Name() == name {
			return a
		}
	}
	panic(fmt.Sprintf("precon: %q is not an arch of endpoint %q", name, e.cfg.Name))
}

// looper is the arch that serves connections of the endpoint to itself.
func (e *Endpoint) looper() Looper {
	for _, a := range e.cfg.Archs {
		if l, ok := a.(Looper); ok && a.Traits().Strength >= e.cfg.Policy.Floor {
			return l
		}
	}
	return nil
}
