package wire

import "encoding/binary"

// Range is the protocol versions a side speaks, both ends included; a valid
// Range has 1 <= Lo <= Hi.
type Range struct{ Lo, Hi uint16 }

// Spoken is the range of this implementation.
var Spoken = Range{1, 1}

// Common returns the highest version in both ranges.
func (r Range) Common(o Range) (v uint16, ok bool) {
	v = min(r.Hi, o.Hi)
	return v, v >= max(r.Lo, o.Lo)
}

// Valid reports whether r is a range at all.
func (r Range) Valid() bool { return 1 <= r.Lo && r.Lo <= r.Hi }

// Hello is the payload of VERSION, each side's first frame. Frozen layout.
type Hello struct {
	Range Range
	Role  Role // the sender's; a receiver that finds its own is reading a reflection
}

// Frame encodes h: u16 lowest, u16 highest, u8 role.
func (h Hello) Frame() Frame {
	b := binary.BigEndian.AppendUint16(nil, h.Range.Lo)
	b = binary.BigEndian.AppendUint16(b, h.Range.Hi)
	return Frame{TypeVersion, append(b, byte(h.Role))}
}

// DecodeHello decodes a VERSION payload and skips what later versions append.
func DecodeHello(p []byte) (Hello, error) {
	c := cursor{b: p}
	h := Hello{Range: Range{c.u16(), c.u16()}, Role: Role(c.u8())}
	for len(c.b) > 0 {
		c.field()
	}
	switch {
	case c.bad:
		return Hello{}, &FormatError{TypeVersion, "short"}
	case !h.Range.Valid():
		return Hello{}, &FormatError{TypeVersion, "not a range"}
	case !h.Role.valid():
		return Hello{}, &FormatError{TypeVersion, "no such role"}
	}
	return h, nil
}
