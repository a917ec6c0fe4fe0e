package wire

import (
	"encoding/binary"
	"fmt"
)

// HeaderLen is the length of every frame's header in bytes.
const HeaderLen = 8

// Header is what stands in front of a payload: u32 type, u32 length, both
// big-endian. Len does not count the header.
type Header struct {
	Type Type
	Len  uint32
}

// ParseHeader decodes the eight bytes in front of a payload. limit is the
// longest payload the reader takes now ([MaxHello] until the peer's VERSION
// was read, else [MaxPayload]); the type's own limit counts too. An error is a
// [FormatError] and means that nothing behind the header may be read.
func ParseHeader(b [HeaderLen]byte, limit uint32) (Header, error) {
	h := Header{Type(binary.BigEndian.Uint32(b[:4])), binary.BigEndian.Uint32(b[4:])}
	most, ok := h.Type.MaxPayload()
	if !ok {
		return Header{}, &FormatError{h.Type, "not a type of this version"}
	}
	if most = min(most, limit); h.Len > most {
		return Header{}, &FormatError{h.Type, fmt.Sprintf("%d bytes, at most %d", h.Len, most)}
	}
	return h, nil
}
