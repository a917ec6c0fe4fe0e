package wire

// Services is a set of what a path can carry.
type Services uint8

// The services. Other bits are kept and mean nothing yet.
const (
	Stream   Services = 1 << iota // bytes in order
	Datagram                      // datagrams, may be lost
	Message                       // records in order
)

// Strength is what a path protects, weakest first.
type Strength uint8

// The strengths; their order is the ladder's.
const (
	Clear Strength = iota
	Authenticated
	Confidential
)

// Offer is one arch a side is willing to use.
type Offer struct {
	Arch       string   // 1 to [MaxArch] printable ASCII bytes without space
	Preference uint8    // 1 best to 255; an arch not offered is not listed
	Services   Services // what this arch carries here
	Strength   Strength // what it protects here: in place the bootstrap's, beside its own
	Params     []byte   // the arch's own, opaque, at most [MaxParams] bytes
}

// value encodes an offer: u8 preference, u8 services, u8 strength, name with its
// length, parameters to the end.
func (o Offer) value() []byte {
	b := []byte{o.Preference, byte(o.Services), byte(o.Strength)}
	return append(appendShort(b, o.Arch), o.Params...)
}

func decodeOffer(p []byte) (o Offer, what string) {
	c := cursor{b: p}
	o = Offer{Preference: c.u8(), Services: Services(c.u8()), Strength: Strength(c.u8()), Arch: c.short()}
	if params := c.rest(); len(params) > 0 {
		o.Params = append([]byte(nil), params...)
	}
	if c.bad {
		return o, "short offer"
	}
	return o, o.fault()
}

// fault names the limit that o breaks.
func (o Offer) fault() string {
	switch {
	case !validArch(o.Arch):
		return "offer without a proper arch name"
	case o.Preference == 0:
		return "offer with preference 0"
	case o.Strength > Confidential:
		return "offer of unknown strength"
	case len(o.Params) > MaxParams:
		return "parameters too long"
	}
	return ""
}

// validArch admits only bytes that can stand in a log line as they are.
func validArch(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= MaxArch
}
