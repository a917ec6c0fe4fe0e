package wire

import (
	"encoding/binary"
	"slices"
)

// ID is a random 128-bit name.
type ID [16]byte

// Flags of a CON_INFO. Bits not listed are kept and mean nothing yet.
type Flags uint16

// The floors: no arch weaker than this, from either side.
const (
	FloorAuthenticated Flags = 1 << iota
	FloorConfidential
)

// Floor returns the least strength that f allows.
func (f Flags) Floor() Strength {
	switch {
	case f&FloorConfidential != 0:
		return Confidential
	case f&FloorAuthenticated != 0:
		return Authenticated
	}
	return Clear
}

// ConInfo is who a side is and everything it offers. Frozen layout. Both
// CON_INFOs together determine the ladder.
type ConInfo struct {
	Endpoint ID       // of the endpoint, random at its creation
	Conn     ID       // of the Dial, kept over its reconnects; the passive side repeats it
	Nonce    ID       // of this bootstrap
	HostTag  ID       // a hint that both run on one host, never a proof
	Role     Role     // the sender's
	Services Services // what the user may use
	Flags    Flags
	Name     string  // of the endpoint, at most [MaxName] bytes, any bytes
	Address  string  // information only: nothing connects to it
	Offers   []Offer // at most [MaxOffers], each arch once, in any order
}

// Tags of CON_INFO's tail.
const (
	tagName    = 1
	tagAddress = 2
	tagOffer   = 3
)

// Frame encodes c: four ids, u8 role, u8 services, u16 flags, then a tail with
// name, address (each only if not empty) and one entry for each offer.
func (c ConInfo) Frame() Frame {
	b := slices.Concat(c.Endpoint[:], c.Conn[:], c.Nonce[:], c.HostTag[:])
	b = append(b, byte(c.Role), byte(c.Services))
	b = binary.BigEndian.AppendUint16(b, uint16(c.Flags))
	if c.Name != "" {
		b = appendField(b, tagName, []byte(c.Name))
	}
	if c.Address != "" {
		b = appendField(b, tagAddress, []byte(c.Address))
	}
	for _, o := range c.Offers {
		b = appendField(b, tagOffer, o.value())
	}
	return Frame{TypeConInfo, b}
}

// DecodeConInfo decodes a CON_INFO payload and skips unknown tail entries.
func DecodeConInfo(p []byte) (ConInfo, error) {
	c := cursor{b: p}
	info := ConInfo{
		Endpoint: c.id(), Conn: c.id(), Nonce: c.id(), HostTag: c.id(),
		Role: Role(c.u8()), Services: Services(c.u8()), Flags: Flags(c.u16()),
	}
	what := ""
	for len(c.b) > 0 && what == "" {
		what = info.field(&c)
	}
	if c.bad {
		what = "short"
	}
	if what != "" {
		return ConInfo{}, &FormatError{TypeConInfo, what}
	}
	if err := info.Validate(); err != nil {
		return ConInfo{}, err
	}
	return info, nil
}

// field takes the next tail entry into info and names the rule it breaks.
func (c *ConInfo) field(cur *cursor) string {
	switch tag, v := cur.field(); tag {
	case tagName:
		if c.Name != "" || len(v) == 0 {
			return "empty or second name"
		}
		c.Name = string(v)
	case tagAddress:
		if c.Address != "" || len(v) == 0 {
			return "empty or second address"
		}
		c.Address = string(v)
	case tagOffer:
		o, what := decodeOffer(v)
		if len(c.Offers) == MaxOffers {
			what = "too many offers"
		}
		c.Offers = append(c.Offers, o)
		return what
	}
	return ""
}

// Validate checks every limit of the layout; a value that passes can be
// encoded. The error is a [FormatError].
func (c ConInfo) Validate() error {
	what := ""
	switch {
	case !c.Role.valid():
		what = "no such role"
	case len(c.Name) > MaxName || len(c.Address) > MaxName:
		what = "name or address too long"
	case len(c.Offers) > MaxOffers:
		what = "too many offers"
	}
	for i, o := range c.Offers {
		if f := o.fault(); f != "" {
			what = f
		}
		if _, twice := find(c.Offers[:i], o.Arch); twice {
			what = "arch offered twice"
		}
	}
	if what != "" {
		return &FormatError{TypeConInfo, what}
	}
	return nil
}

// Offer returns what c offers under the name arch.
func (c ConInfo) Offer(arch string) (Offer, bool) { return find(c.Offers, arch) }

func find(offers []Offer, arch string) (Offer, bool) {
	i := slices.IndexFunc(offers, func(o Offer) bool { return o.Arch == arch })
	if i < 0 {
		return Offer{}, false
	}
	return offers[i], true
}

func (c *cursor) id() (id ID) {
	copy(id[:], c.take(len(id)))
	return id
}
